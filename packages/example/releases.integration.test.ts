import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  migrationRef,
  plannedMigration,
  planSchema,
  proveMigrations,
  readMigrations,
} from "@slipway/migrations";
import { listManifests, readProduct, readSmoke, rebuildRelease } from "@slipway/release";
import { scratchPostgres } from "@slipway/toolchain/testing";
import { expect, test } from "vitest";
import { exampleReleases, manifestsFolder, migrationsFolder, root } from "./example-releases.ts";

const manifests = listManifests(manifestsFolder);

test("there is a manifest for each release, with its flags and its migrations as they are on disk", async () => {
  const onDisk = (await readMigrations(migrationsFolder)).map(migrationRef);
  const ids = onDisk.map(({ id }) => id);
  expect(
    manifests.map(({ version, heads, flags }) => ({
      version,
      head: heads.max,
      flags: flags.map(({ key }) => key),
    })),
  ).toEqual(exampleReleases);
  for (const { migrations, heads } of manifests) {
    expect(migrations).toEqual(onDisk.slice(0, ids.indexOf(heads.max!) + 1));
  }
  expect(manifests.at(-1)?.migrations).toHaveLength(onDisk.length);
});

test("the API changes in every release, the storefront in 1.3.0 only", () => {
  const versions = (name: string) => manifests.map(({ services }) => services[name]?.version);
  expect(versions("api")).toEqual(["1.0.0", "1.1.0", "1.2.0", "1.3.0"]);
  expect(versions("storefront")).toEqual(["1.0.0", "1.0.0", "1.0.0", "1.3.0"]);
});

test("the sources build what was cut; after a change: npm run cut -w @slipway/example", async () => {
  const artifacts = mkdtempSync(join(tmpdir(), "slipway-example-"));
  try {
    for (const { version } of manifests) await rebuildRelease(version, { root, artifacts });
  } finally {
    rmSync(artifacts, { recursive: true, force: true });
  }
});

test("the product file and its smoke checks are those of the manifests", () => {
  const file = join(root, "stacks/product.yaml");
  const product = readProduct(file);
  const smoke = readSmoke(file, product);
  for (const manifest of manifests) {
    expect(manifest.smoke).toEqual(smoke);
    expect(manifest.config).toEqual(product.config);
    for (const { key, safe, release } of manifest.flags) {
      expect(product.flags).toContainEqual(expect.objectContaining({ key, safe }));
      expect(release).toBe("1.1.0");
    }
    for (const [name, { command, path, port, health, env }] of Object.entries(product.services)) {
      expect(manifest.services[name]).toMatchObject({ command, path, port, health, env });
    }
  }
});

test("any release is reached from any other in one run", () => {
  for (const from of manifests) {
    for (const to of manifests) {
      const plan = planSchema(from.migrations.map(plannedMigration), to.migrations.map(plannedMigration));
      expect(plan.blocked, `${from.version} to ${to.version}`).toBe(null);
    }
  }
});

test("every migration's rollback leads back, and only what has to lose data does", async () => {
  const migrations = await readMigrations(migrationsFolder);
  expect(migrations.map(({ id, phase, kind }) => `${id} ${phase} ${kind}`)).toEqual([
    "20260105090000_shop expand lossy",
    "20260112090000_discounts expand lossy",
    "20260119090000_order_notes expand lossy",
    "20260126090000_product_title expand lossless",
    "20260126090001_drop_product_name contract lossless",
  ]);
  const postgres = await scratchPostgres();
  try {
    const { proofs } = await proveMigrations(postgres.adminUrl, migrations);
    expect(proofs.map(({ id, verdict, why }) => ({ id, verdict, why }))).toEqual(
      migrations.map(({ id }) => ({ id, verdict: "pass", why: null })),
    );
  } finally {
    postgres.remove();
  }
});

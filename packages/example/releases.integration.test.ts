import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listManifests, rebuildRelease } from "@slipway/release";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifests = listManifests(join(root, "stacks", "releases"));

test("there are the four releases that the tour needs", () => {
  expect(manifests.map(({ version }) => version)).toEqual(["1.0.0", "1.1.0", "1.2.0", "1.3.0"]);
});

test("the storefront changed in 1.3.0 only", () => {
  expect(manifests.map(({ services }) => services.storefront?.version)).toEqual([
    "1.0.0",
    "1.0.0",
    "1.0.0",
    "1.3.0",
  ]);
});

test("the sources still build what was cut; after a change run node packages/example/cut-releases.ts", async () => {
  const copy = mkdtempSync(join(tmpdir(), "slipway-example-"));
  try {
    for (const folder of ["packages/example", "stacks", "migrations"]) {
      cpSync(join(root, folder), join(copy, folder), {
        recursive: true,
        filter: (file) => !file.includes("node_modules") && !file.includes(".pulumi"),
      });
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const { version } of manifests) await rebuildRelease(version, { root: copy });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

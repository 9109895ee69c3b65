import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { cutVersions, scratchRepository, storedFiles, unpacked } from "../../testing/scratch-repository.ts";
import { artifactStore } from "../artifact/artifact-store.ts";
import { readManifest } from "../manifest/manifest.ts";
import { cutRelease } from "./cut-release.ts";

test("a clean tree is cut: manifest, stamped artifacts and migrations by checksum", async () => {
  const repository = scratchRepository();
  const commit = repository.git("rev-parse", "HEAD");
  const lines: string[] = [];
  const manifest = await cutRelease("1.0.0", {
    root: repository.root,
    onProgress: (line) => lines.push(line),
  });

  expect(readManifest(join(repository.root, "stacks/releases"), "1.0.0")).toEqual(manifest);
  expect(manifest).toMatchObject({
    version: "1.0.0",
    commit,
    createdAt: new Date(Number(repository.git("show", "-s", "--format=%ct")) * 1000).toISOString(),
    heads: { min: "20260101000000_products", max: "20260101000000_products" },
    migrations: [{ id: "20260101000000_products", phase: "expand", kind: "lossy" }],
    smoke: null,
  });
  const api = manifest.services.api!;
  expect(api).toMatchObject({ version: "1.0.0", path: "/", port: "PORT", env: ["DATABASE_URL"] });
  await artifactStore(join(repository.root, ".slipway/artifacts")).verify(api.artifact, "api");
  const folder = await unpacked(repository, api.artifact);
  expect(readdirSync(folder).sort()).toEqual(["server.mjs", "slipway-build.json"]);
  expect(JSON.parse(readFileSync(join(folder, "slipway-build.json"), "utf8"))).toEqual({
    service: "api",
    version: "1.0.0",
    commit,
    digest: api.build,
  });
  expect(lines).toContain(
    "api: | building api 1.0.0 with HOME LANG PATH SOURCE_DATE_EPOCH TZ".replace(
      "HOME ",
      process.env.HOME ? "HOME " : "",
    ),
  );
});

test("cutting the same commit again elsewhere gives the same manifest, byte for byte", async () => {
  const repository = scratchRepository();
  await cutRelease("1.0.0", { root: repository.root });
  const clone = join(scratchFolder(), "clone");
  repository.git("clone", "-q", repository.root, clone);
  await cutRelease("1.0.0", { root: clone });
  const read = (root: string) => readFileSync(join(root, "stacks/releases/1.0.0.json"), "utf8");
  expect(read(clone)).toBe(read(repository.root));
});

test("what a cut wrote itself does not make the tree dirty for the next one", async () => {
  const repository = scratchRepository({ ".gitignore": "" });
  await cutRelease("1.0.0", { root: repository.root });
  await cutRelease("1.1.0", { root: repository.root });
  expect(cutVersions(repository)).toEqual(["1.0.0", "1.1.0"]);
});

test("an unchanged service keeps its entry, a changed one does not", async () => {
  const repository = scratchRepository();
  const first = await cutRelease("1.0.0", { root: repository.root });
  repository.write({ "src/api/server.mjs": "// api 2\n" });
  repository.commit();
  const before = storedFiles(repository);
  const second = await cutRelease("1.1.0", { root: repository.root });
  expect(second.services.storefront).toEqual(first.services.storefront);
  expect(second.services.api?.version).toBe("1.1.0");
  expect(second.services.api?.build).not.toBe(first.services.api?.build);
  expect(storedFiles(repository)).toHaveLength(before.length + 1);
  const third = await cutRelease("1.2.0", { root: repository.root });
  expect(third.services).toEqual(second.services);
});

test("changed settings are a changed service, although its content is the same", async () => {
  const repository = scratchRepository();
  const first = await cutRelease("1.0.0", { root: repository.root });
  const file = "stacks/product.yaml";
  const text = readFileSync(join(repository.root, file), "utf8");
  repository.write({ [file]: text.replace("path: /shop", "path: /store") });
  repository.commit();
  const second = await cutRelease("1.1.0", { root: repository.root });
  expect(second.services.storefront).toMatchObject({
    version: "1.1.0",
    path: "/store",
    build: first.services.storefront?.build,
  });
});

test("a build that cannot be told where to write is packed from its own folder, emptied before", async () => {
  const file = "stacks/product.yaml";
  const repository = scratchRepository();
  const text = readFileSync(join(repository.root, file), "utf8");
  repository.write({
    [file]: text.replace(
      'storefront, "{version}", "{output}"]',
      'storefront, "{version}", dist/shop]\n    output: dist/shop',
    ),
  });
  repository.commit();
  repository.write({ "dist/shop/of-yesterday.txt": "" });
  const manifest = await cutRelease("1.0.0", { root: repository.root });
  const folder = await unpacked(repository, manifest.services.storefront!.artifact);
  expect(readdirSync(folder).sort()).toEqual(["server.mjs", "slipway-build.json"]);
});

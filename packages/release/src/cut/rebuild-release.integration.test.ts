import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { copyOf, scratchRepository } from "../../testing/scratch-repository.ts";
import { artifactStore } from "../artifact/artifact-store.ts";
import { cutRelease } from "./cut-release.ts";
import { rebuildRelease } from "./rebuild-release.ts";

test("a checkout without artifacts makes them again, stamps of older releases included", async () => {
  const repository = scratchRepository();
  await cutRelease("1.0.0", { root: repository.root });
  const commit = repository.commit();
  const manifest = await cutRelease("1.1.0", { root: repository.root });
  expect(manifest.commit).toBe(commit);
  expect(manifest.services.api?.version).toBe("1.0.0");
  const root = copyOf(repository);
  repository.commit();
  expect(await rebuildRelease("1.1.0", { root })).toEqual(manifest);
  const store = artifactStore(join(root, ".slipway/artifacts"));
  for (const [name, { artifact }] of Object.entries(manifest.services)) await store.verify(artifact, name);
});

test("only what is missing or damaged is built", async () => {
  const { root } = scratchRepository();
  const { services } = await cutRelease("1.0.0", { root });
  const store = artifactStore(join(root, ".slipway/artifacts"));
  writeFileSync(store.path(services.api!.artifact), "half");
  const lines: string[] = [];
  await rebuildRelease("1.0.0", { root, onProgress: (line) => lines.push(line) });
  await store.verify(services.api!.artifact, "api");
  expect(lines.filter((line) => line.endsWith(": building"))).toEqual(["api: building"]);
  rmSync(store.path(services.storefront!.artifact));
  await rebuildRelease("1.0.0", { root, onProgress: (line) => lines.push(line) });
  expect(lines.filter((line) => line.endsWith(": building"))).toEqual([
    "api: building",
    "storefront: building",
  ]);
});

test("changed source is refused, with the commit to build from, and nothing gets into the store", async () => {
  const repository = scratchRepository();
  const { root } = repository;
  const { commit } = await cutRelease("1.0.0", { root });
  repository.write({ "src/api/server.mjs": "// changed\n" });
  const artifacts = scratchFolder();
  const error = await caught(() => rebuildRelease("1.0.0", { root, artifacts }));
  expect([error.code, error.todo]).toEqual(["BUILD_DIFFERS", `Check out commit ${commit} and build there`]);
  expect(readdirSync(artifacts)).toEqual([]);
});

test("a build that depends on the version is given the one it was cut with", async () => {
  const repository = scratchRepository({ "src/api/build.json": '{"forVersion": true}' });
  const { root } = repository;
  await cutRelease("1.0.0", { root });
  await cutRelease("1.1.0", { root });
  for (const version of ["1.0.0", "1.1.0"])
    await rebuildRelease(version, { root, artifacts: scratchFolder() });
});

test("a service that the product no longer has cannot be rebuilt", async () => {
  const repository = scratchRepository();
  const { root } = repository;
  await cutRelease("1.0.0", { root });
  repository.write({ "stacks/product.yaml": "services:\n  web:\n    build: [make]\n    command: [./web]\n" });
  const error = await caught(() => rebuildRelease("1.0.0", { root, artifacts: scratchFolder() }));
  expect(error.code).toBe("BUILD_DIFFERS");
  expect((await caught(() => rebuildRelease("1.1.0", { root }))).code).toBe("RELEASE_UNKNOWN");
});

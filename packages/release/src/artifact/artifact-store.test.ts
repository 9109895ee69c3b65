import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@slipway/kernel";
import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { artifactStore } from "./artifact-store.ts";

const digest = `sha256:${sha256("content")}`;

test("what is put in is found under its digest, and the file stays where it was", async () => {
  const folder = scratchFolder({ "api.tar": "content" });
  const store = artifactStore(join(folder, "store"));
  expect(store.has(digest)).toBe(false);
  expect(await store.put(join(folder, "api.tar"))).toBe(digest);
  expect(store.has(digest)).toBe(true);
  expect(readFileSync(store.path(digest), "utf8")).toBe("content");
  expect(readdirSync(join(folder, "store"))).toEqual([`${digest.slice(7)}.tar`]);
  await store.verify(digest, "api 1.0.0");
});

test("a missing artifact is told apart from a damaged one", async () => {
  const folder = scratchFolder({ "api.tar": "content" });
  const store = artifactStore(join(folder, "store"));
  expect((await caught(() => store.verify(digest, "api 1.0.0"))).code).toBe("ARTIFACT_MISSING");
  await store.put(join(folder, "api.tar"));
  writeFileSync(store.path(digest), "conten");
  const error = await caught(() => store.verify(digest, "api 1.0.0"));
  expect(error.code).toBe("ARTIFACT_DAMAGED");
  expect(error.what).toContain("api 1.0.0");
});

test("a damaged artifact is replaced by putting it in again", async () => {
  const folder = scratchFolder({ "api.tar": "content" });
  const store = artifactStore(join(folder, "store"));
  await store.put(join(folder, "api.tar"));
  writeFileSync(store.path(digest), "");
  await store.put(join(folder, "api.tar"));
  await store.verify(digest, "api 1.0.0");
});

test("a file that cannot be read leaves nothing behind", async () => {
  const folder = scratchFolder();
  const store = artifactStore(join(folder, "store"));
  await expect(store.put(join(folder, "none.tar"))).rejects.toThrow("ENOENT");
  expect(readdirSync(join(folder, "store"))).toEqual([]);
});

test("what is not a digest never becomes a path", () => {
  expect(() => artifactStore("store").path("sha256:../../etc/passwd")).toThrow(TypeError);
});

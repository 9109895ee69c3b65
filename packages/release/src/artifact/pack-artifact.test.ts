import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { list } from "tar";
import { expect, onTestFinished, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { scratchFolder, writeFiles } from "../../testing/scratch-folder.ts";
import { fileDigest } from "./file-digest.ts";
import { buildDigest, packArtifact, STAMP_FILE } from "./pack-artifact.ts";

const stamp = { service: "api", version: "1.0.0", commit: "0".repeat(40), digest: "" };
const files = {
  "server.mjs": "console.log(1)\n",
  "bin/run*": "#!/bin/sh\n",
  "@scope/a.txt": "not a list of names\n",
  "b/é and a space.txt": "é",
  [`${"a-long-name/".repeat(12)}${"x".repeat(120)}.txt`]: "long",
  "b.txt": "its folder comes after it: a dot is before a slash",
  "empty.txt": "",
};

async function packed(folder: string): Promise<{ build: string; artifact: string; file: string }> {
  const file = join(scratchFolder(), "artifact.tar");
  const build = await buildDigest(folder);
  await packArtifact(folder, { ...stamp, digest: build }, file);
  return { build, artifact: await fileDigest(file), file };
}

async function entriesOf(file: string) {
  const entries: {
    path: string;
    mode: number;
    type: string;
    uid: number;
    mtime: number;
    linkpath: string;
  }[] = [];
  await list({
    file,
    onReadEntry: ({ path, mode = -1, type, uid = 0, mtime, linkpath = "" }) => {
      entries.push({ path, mode, type, uid, mtime: mtime?.getTime() ?? -1, linkpath });
    },
  });
  return entries;
}

test("the same content gives the same bytes, whatever order, time, umask and links it was made with", async () => {
  const first = scratchFolder(files);
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  const second = scratchFolder(Object.fromEntries(Object.entries(files).reverse()));
  process.umask(before);
  mkdirSync(join(second, "empty folder"));
  for (const name of ["server.mjs", "empty.txt"]) utimesSync(join(second, name), 1e9, 1e9);
  chmodSync(join(second, "server.mjs"), 0o606);
  chmodSync(join(second, "bin/run"), 0o711);
  // Package managers link equal files to one; the content is the same.
  const third = scratchFolder({ ...files, "copy.txt": "long" });
  const fourth = scratchFolder(files);
  linkSync(join(fourth, Object.keys(files)[4]!), join(fourth, "copy.txt"));

  const [one, two] = [await packed(first), await packed(second)];
  expect(two).toMatchObject({ build: one.build, artifact: one.artifact });
  const [three, four] = [await packed(third), await packed(fourth)];
  expect(four).toMatchObject({ build: three.build, artifact: three.artifact });
  expect(three.build).not.toBe(one.build);
});

test("packing again gives the same bytes, the stamp of before included", async () => {
  const folder = scratchFolder(files);
  const first = await packed(folder);
  expect(await packed(folder)).toMatchObject({ build: first.build, artifact: first.artifact });
});

test("entries are sorted, owned by nobody, of no time, and read or run by all", async () => {
  const { file } = await packed(scratchFolder({ ...files, "Z.txt": "", "a.txt": "" }));
  const entries = await entriesOf(file);
  const paths = entries.map(({ path }) => path);
  expect(paths).toEqual([...paths].sort());
  expect(paths).toContain(STAMP_FILE);
  expect(new Set(entries.map(({ uid, mtime, type }) => `${uid} ${mtime} ${type}`))).toEqual(
    new Set(["0 0 File"]),
  );
  expect(entries.filter(({ mode }) => mode === 0o755).map(({ path }) => path)).toEqual(["bin/run"]);
  expect(entries.filter(({ mode }) => mode === 0o644)).toHaveLength(entries.length - 1);
});

test.each<[string, (folder: string) => void]>([
  ["a changed byte", (folder) => writeFileSync(join(folder, "server.mjs"), "console.log(2)\n")],
  ["another name", (folder) => writeFiles(folder, { "server2.mjs": "" })],
  ["the right to run", (folder) => chmodSync(join(folder, "server.mjs"), 0o755)],
  ["a link", (folder) => symlinkSync("server.mjs", join(folder, "main.mjs"))],
])("%s gives another build digest", async (_title, change) => {
  const folder = scratchFolder(files);
  const before = await buildDigest(folder);
  change(folder);
  expect(await buildDigest(folder)).not.toBe(before);
});

test("the stamp is in the artifact and not in the build digest", async () => {
  const folder = scratchFolder(files);
  const build = await buildDigest(folder);
  const file = join(scratchFolder(), "artifact.tar");
  await packArtifact(folder, { ...stamp, digest: build }, file);
  expect(await buildDigest(folder)).toBe(build);
  expect(JSON.parse(readFileSync(join(folder, STAMP_FILE), "utf8"))).toEqual({ ...stamp, digest: build });
  const other = join(scratchFolder(), "artifact.tar");
  await packArtifact(folder, { ...stamp, version: "1.1.0", digest: build }, other);
  expect(await fileDigest(other)).not.toBe(await fileDigest(file));
});

test("a link that stays inside is kept as a link", async () => {
  const folder = scratchFolder({ "lib/a.mjs": "a" });
  mkdirSync(join(folder, "bin"));
  symlinkSync("../lib/a.mjs", join(folder, "bin/a"));
  const { file } = await packed(folder);
  const link = (await entriesOf(file)).find(({ type }) => type === "SymbolicLink");
  expect(link).toMatchObject({ path: "bin/a", linkpath: "../lib/a.mjs", mtime: 0 });
});

test.each([
  ["/etc/passwd", "outside the folder"],
  ["../outside", "outside the folder"],
  ["..", "outside the folder"],
  ["lib/../../outside", "outside the folder"],
])("a link to %s is refused", async (target, why) => {
  const folder = scratchFolder({ "lib/a.mjs": "a" });
  symlinkSync(target, join(folder, "link"));
  const error = await caught(() => buildDigest(folder));
  expect(error.code).toBe("ARTIFACT_UNSAFE");
  expect(error.why).toContain(why);
});

test.each(["back\\slash", "new\nline"])("the file name %o is refused", async (name) => {
  expect((await caught(() => buildDigest(scratchFolder({ [name]: "" })))).code).toBe("ARTIFACT_UNSAFE");
});

test("an empty build is refused, and one that holds only a stamp is empty", async () => {
  const folder = scratchFolder({ [STAMP_FILE]: "{}" });
  mkdirSync(join(folder, "dist"));
  expect((await caught(() => buildDigest(folder))).code).toBe("BUILD_FAILED");
  rmSync(join(folder, STAMP_FILE));
  expect((await caught(() => buildDigest(folder))).code).toBe("BUILD_FAILED");
});

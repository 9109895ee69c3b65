import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@slipway/kernel";
import { Header } from "tar";
import { beforeEach, describe, expect, test } from "vitest";
import { scratchFolder } from "../../../testing/scratch-folder.ts";
import { packFolder } from "../../../testing/tiny-service.ts";
import { refuseEntry } from "./refuse-entry.ts";
import { unpackArtifact } from "./unpack-artifact.ts";

let store: string;
let into: string;
let source: string;
beforeEach(() => {
  const folder = scratchFolder();
  [store, into, source] = [join(folder, "store"), join(folder, "artifacts"), join(folder, "source")];
  mkdirSync(join(source, "lib"), { recursive: true });
  writeFileSync(join(source, "lib", "main.js"), "hello");
  symlinkSync("lib/main.js", join(source, "link.js"));
});

describe("an artifact", () => {
  test("is unpacked once, under its digest", async () => {
    const digest = await packFolder(store, source);
    const [folder, again] = await Promise.all([
      unpackArtifact(store, digest, into),
      unpackArtifact(store, digest, into),
    ]);
    expect(again).toBe(folder);
    expect(readFileSync(join(folder, "link.js"), "utf8")).toBe("hello");
    expect(readdirSync(into)).toEqual([digest.slice(7)]);
  });

  test("that is not in the store is missing", async () => {
    const refused = unpackArtifact(store, `sha256:${"0".repeat(64)}`, into);
    await expect(refused).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
  });

  test("that was changed is damaged, and nothing of it stays", async () => {
    const digest = await packFolder(store, source);
    const tar = join(store, `${digest.slice(7)}.tar`);
    const bytes = readFileSync(tar);
    bytes.write("HELLO", bytes.indexOf("hello"));
    writeFileSync(tar, bytes);
    await expect(unpackArtifact(store, digest, into)).rejects.toMatchObject({ code: "ARTIFACT_DAMAGED" });
    expect(readdirSync(into)).toEqual([]);
  });

  test("that was cut off is damaged", async () => {
    const digest = await packFolder(store, source);
    truncateSync(join(store, `${digest.slice(7)}.tar`), 1000);
    await expect(unpackArtifact(store, digest, into)).rejects.toMatchObject({ code: "ARTIFACT_DAMAGED" });
    expect(readdirSync(into)).toEqual([]);
  });

  test("with an entry that leaves its folder is unsafe, although its digest is right", async () => {
    const block = Buffer.alloc(512);
    new Header({ path: "../outside", type: "File", size: 0, mode: 0o644 }).encode(block);
    const tar = Buffer.concat([block, Buffer.alloc(1024)]);
    mkdirSync(store);
    writeFileSync(join(store, `${sha256(tar)}.tar`), tar);
    await expect(unpackArtifact(store, `sha256:${sha256(tar)}`, into)).rejects.toMatchObject({
      code: "ARTIFACT_UNSAFE",
    });
    expect(readdirSync(into)).toEqual([]);
  });
});

describe("a tar entry", () => {
  test.each([
    { path: "a/b.js", type: "File" },
    { path: "./", type: "Directory" },
    { path: "a/link", type: "SymbolicLink", linkpath: "../b" },
    { path: "hard", type: "Link", linkpath: "a/b.js" },
  ])("is harmless: $path $linkpath", (entry) => expect(refuseEntry(entry)).toBeNull());

  test.each([
    { path: "/etc/passwd", type: "File" },
    { path: "a/../../b", type: "File" },
    { path: "a/../b", type: "File" },
    { path: "..", type: "Directory" },
    { path: "a\\..\\b", type: "File" },
    { path: "a/link", type: "SymbolicLink", linkpath: "../../b" },
    { path: "link", type: "SymbolicLink", linkpath: "/etc/passwd" },
    { path: "hard", type: "Link", linkpath: "../b" },
    { path: "pipe", type: "FIFO" },
    { path: "device", type: "CharacterDevice" },
  ])("is refused: $path $linkpath $type", (entry) => expect(refuseEntry(entry)).not.toBeNull());
});

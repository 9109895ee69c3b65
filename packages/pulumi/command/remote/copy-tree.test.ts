import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyTree } from "./copy-tree.ts";
import type { SftpClient } from "./sftp-client.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "copy-tree-"));
  mkdirSync(join(folder, "site/deep"), { recursive: true });
  writeFileSync(join(folder, "site/index.html"), "index");
  writeFileSync(join(folder, "site/deep/a.css"), "css");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A machine whose files are in a map: a text is a file, `null` a folder. */
function machine(...entries: [path: string, content: string | null][]) {
  const files = new Map<string, string | null>([["/", null], ...entries]);
  const sftp: SftpClient = {
    stat: async (path) => {
      const found = files.get(path);
      return found === undefined ? "nothing" : found === null ? "folder" : "file";
    },
    makeFolder: async (path) => void files.set(path, null),
    write: async (path, content) => {
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk);
      files.set(path, Buffer.concat(chunks).toString());
    },
  };
  return { sftp, files: () => Object.fromEntries([...files].filter(([path]) => path !== "/").sort()) };
}

test("a text becomes the file, with the folders above it; onto a folder it is refused", async () => {
  const empty = machine();
  await copyTree(empty.sftp, { text: "hello" }, "/srv/app/hello.txt");
  expect(empty.files()).toEqual({ "/srv": null, "/srv/app": null, "/srv/app/hello.txt": "hello" });
  await expect(copyTree(empty.sftp, { text: "hello" }, "/srv/app")).rejects.toThrow(
    '"/srv/app": it is a folder',
  );
});

test("a file goes into a folder, becomes the path that is free, or writes over a file", async () => {
  const source = { path: join(folder, "site/index.html") };
  const there = machine(["/srv", null], ["/old", "old"]);
  await copyTree(there.sftp, source, "/srv");
  await copyTree(there.sftp, source, "/new/name");
  await copyTree(there.sftp, source, "/old");
  expect(there.files()).toEqual({
    "/new": null,
    "/new/name": "index",
    "/old": "index",
    "/srv": null,
    "/srv/index.html": "index",
  });
});

test("a folder goes into the path; with a slash at its end only its content does", async () => {
  const whole = machine(["/srv", null]);
  await copyTree(whole.sftp, { path: join(folder, "site") }, "/srv");
  const inside = {
    "/srv/site": null,
    "/srv/site/deep": null,
    "/srv/site/deep/a.css": "css",
    "/srv/site/index.html": "index",
  };
  expect(whole.files()).toEqual({ "/srv": null, ...inside });

  const content = machine();
  await copyTree(content.sftp, { path: `${join(folder, "site")}/` }, "/srv");
  expect(content.files()).toEqual({
    "/srv": null,
    "/srv/deep": null,
    "/srv/deep/a.css": "css",
    "/srv/index.html": "index",
  });
});

test("a folder over a file is refused; what is there beside it stays", async () => {
  const there = machine(
    ["/srv", "a file"],
    ["/site", null],
    ["/site/deep", null],
    ["/site/deep/kept", "kept"],
  );
  await expect(copyTree(there.sftp, { path: join(folder, "site") }, "/srv")).rejects.toThrow(
    '"/srv": it is a file',
  );
  await copyTree(there.sftp, { path: `${join(folder, "site")}/` }, "/site");
  expect(there.files()).toMatchObject({ "/site/deep/kept": "kept", "/site/deep/a.css": "css" });
});

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { posix } from "node:path";
import type { SftpClient } from "./sftp-client.ts";

/** What to copy: a text, or what is at a path on this machine. */
export type Source = { readonly text: string } | { readonly path: string };

/**
 * Copies to a path on the other machine.
 *
 * | source | path is a folder | path does not exist | path is a file |
 * |---|---|---|---|
 * | text | error | becomes the file | is written over |
 * | file | copied into it | becomes the file | is written over |
 * | folder | copied into it | made, then copied into it | error |
 * | folder with `/` at the end | its content copied into it | made, its content copied into it | error |
 *
 * Missing parent folders are made; what is there and not in the source stays.
 */
export async function copyTree(sftp: SftpClient, source: Source, remotePath: string): Promise<void> {
  const found = await sftp.stat(remotePath);
  if ("text" in source) {
    if (found === "folder")
      throw new Error(`Cannot write a text to ${JSON.stringify(remotePath)}: it is a folder`);
    await makeFolders(sftp, posix.dirname(remotePath));
    return sftp.write(remotePath, [Buffer.from(source.text)]);
  }
  if ((await stat(source.path)).isDirectory()) {
    const inside = source.path.endsWith("/")
      ? remotePath
      : posix.join(remotePath, posix.basename(source.path));
    await makeFolders(sftp, inside);
    return copyFolder(sftp, source.path, inside);
  }
  const target = found === "folder" ? posix.join(remotePath, posix.basename(source.path)) : remotePath;
  if (found === "nothing") await makeFolders(sftp, posix.dirname(target));
  return sftp.write(target, createReadStream(source.path));
}

async function copyFolder(sftp: SftpClient, from: string, to: string): Promise<void> {
  for (const name of (await readdir(from)).sort()) {
    const [source, target] = [posix.join(from, name), posix.join(to, name)];
    if ((await stat(source)).isDirectory()) {
      await makeFolders(sftp, target);
      await copyFolder(sftp, source, target);
    } else {
      await sftp.write(target, createReadStream(source));
    }
  }
}

/** Makes a folder and those above it that are missing. */
async function makeFolders(sftp: SftpClient, path: string): Promise<void> {
  const found = await sftp.stat(path);
  if (found === "folder") return;
  if (found === "file") throw new Error(`Cannot make the folder ${JSON.stringify(path)}: it is a file`);
  const parent = posix.dirname(path);
  if (parent !== path) await makeFolders(sftp, parent);
  await sftp.makeFolder(path);
}

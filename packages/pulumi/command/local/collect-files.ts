import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { posix } from "node:path";
import { ARCHIVE, ASSET, type Properties, SIGNATURE } from "../wire/property-value.ts";
import { archiveHash } from "./archive-hash.ts";
import { selectPaths } from "./glob.ts";

export interface FileGlobs {
  readonly assetPaths: readonly string[] | undefined;
  readonly archivePaths: readonly string[] | undefined;
}

/** The outputs `assets` and `archive`: the files below a folder that the command was asked to hand over. */
export async function collectFiles(
  folder: string,
  globs: FileGlobs,
): Promise<{ assets?: Properties; archive?: Properties }> {
  if (globs.assetPaths === undefined && globs.archivePaths === undefined) return {};
  const paths = await filesBelow(folder);
  const select = (patterns: readonly string[]) =>
    Promise.all(
      selectPaths(paths, patterns).map(async (path) => ({ path, ...(await readEntry(folder, path)) })),
    );

  const assets = globs.assetPaths && (await select(globs.assetPaths));
  const archived = globs.archivePaths && (await select(globs.archivePaths));
  return {
    ...(assets && { assets: assetMap(assets) }),
    ...(archived && {
      archive: { [SIGNATURE]: ARCHIVE, assets: assetMap(archived), hash: archiveHash(archived) },
    }),
  };
}

interface Entry {
  readonly path: string;
  readonly asset: Properties;
  readonly content: Buffer;
}

const assetMap = (entries: readonly Entry[]): Properties =>
  Object.fromEntries(entries.map(({ path, asset }) => [path, asset]));

async function readEntry(folder: string, path: string): Promise<Omit<Entry, "path">> {
  const file = posix.join(folder, path);
  const content = await readFile(file);
  const hash = createHash("sha256").update(content).digest("hex");
  return { content, asset: { [SIGNATURE]: ASSET, path: file, hash } };
}

/** Every file below a folder, links to files included, as sorted relative paths. */
async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(posix.join(folder, below), { withFileTypes: true })) {
      const path = posix.join(below, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (await isFile(posix.join(folder, path))) files.push(path);
    }
  };
  await walk("");
  return files.sort();
}

/** A socket or a pipe cannot be an asset, and reading one could wait for ever; nor can a link that leads nowhere. */
async function isFile(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ?? false;
}

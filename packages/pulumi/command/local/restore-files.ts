import { posix } from "node:path";
import { isObject, isSecret, type Properties, reveal } from "../wire/property-value.ts";
import { collectFiles } from "./collect-files.ts";

/**
 * Puts back what the engine leaves out when it sends a state to a plugin: of assets and archives it keeps the
 * hashes alone, and a program that is handed such a state fails. Where an asset is follows from its name; an
 * archive is gathered again.
 */
export async function restoreFiles(state: Properties): Promise<Properties> {
  const { dir = process.cwd(), archivePaths } = reveal(state) as {
    dir?: string;
    archivePaths?: readonly string[];
  };
  const { assets, archive, ...others } = state;
  const restored = isObject(assets) && !isSecret(assets) ? withPaths(assets, dir) : assets;
  const emptied = isObject(archive) && !isSecret(archive) && archive.assets === undefined;
  const gathered = emptied
    ? (await collectFiles(dir, { assetPaths: undefined, archivePaths })).archive
    : archive;
  return {
    ...others,
    ...(restored !== undefined && { assets: restored }),
    ...(gathered !== undefined && { archive: gathered }),
  };
}

function withPaths(assets: Properties, dir: string): Properties {
  const entries = Object.entries(assets).map(([name, asset]) => [
    name,
    isObject(asset) ? { ...asset, path: asset.path || posix.join(dir, name) } : asset,
  ]);
  return Object.fromEntries(entries);
}

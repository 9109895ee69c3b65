import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { trackedFiles } from "../cut/git-state.ts";
import { type FlagReferences, type ScannedFile, scanFlags } from "./scan-flags.ts";

/** Larger files are generated, or data. */
const MAX_BYTES = 1_000_000;
// Where a key is declared, recorded or described, it is not used.
const NOT_CODE =
  /^stacks\/(?:releases\/|product\.yaml$)|\.(?:md|mdx|sql|lock)$|(?:^|\/)[^/]*lock\.(?:json|yaml)$/;

/**
 * Looks for the declared flags in the files that git tracks, as they are on disk.
 *
 * @param root the project's root.
 * @throws {SlipwayError} TREE_DIRTY where there is no git repository, TOOLCHAIN_MISSING without git.
 */
export async function findFlagReferences(root: string, keys: readonly string[]): Promise<FlagReferences> {
  const files = (await trackedFiles(root, root)).filter((path) => !NOT_CODE.test(path));
  return scanFlags(keys, readFiles(root, files));
}

function* readFiles(root: string, paths: readonly string[]): Generator<ScannedFile> {
  for (const path of paths) {
    const file = join(root, path);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || stats.size > MAX_BYTES) continue;
    const text = readFileSync(file, "utf8");
    // A NUL is how git, too, tells what is no text.
    if (!text.includes("\0")) yield { path, text };
  }
}

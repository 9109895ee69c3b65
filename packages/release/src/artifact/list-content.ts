import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { join, posix } from "node:path";
import { compareCodePoints, SlipwayError } from "@slipway/kernel";

/** A file or a link of a built folder. Folders do not count: they come with their files. */
export interface ContentEntry {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** For a link what it points to, else null. */
  readonly link: string | null;
  /** For a file 755 when its owner may run it, else 644. The machine's umask does not matter. */
  readonly mode: 0o644 | 0o755;
  readonly stats: Stats;
}

/**
 * Everything in a built folder, in the order of the paths' code points: the same on every machine.
 *
 * @throws {SlipwayError} ARTIFACT_UNSAFE for a link that leads out of the folder, for what is neither file, folder
 *   nor link, and for names that do not survive on another machine.
 */
export function listContent(folder: string): ContentEntry[] {
  return entriesBelow(folder, "").sort((a, b) => compareCodePoints(a.path, b.path));
}

function entriesBelow(folder: string, below: string): ContentEntry[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    // The replacement character stands for bytes that are not UTF-8.
    if (/[\\\p{Cc}\uFFFD]/u.test(entry.name))
      throw unsafe(path, "has a name that other machines cannot write");
    if (entry.isDirectory()) return entriesBelow(folder, path);
    const stats = lstatSync(join(folder, path));
    if (entry.isSymbolicLink()) return [{ path, link: safeLink(folder, path), mode: 0o755, stats }];
    if (!entry.isFile()) throw unsafe(path, "is neither file, folder nor link");
    return [{ path, link: null, mode: stats.mode & 0o100 ? 0o755 : 0o644, stats }];
  });
}

function safeLink(folder: string, path: string): string {
  const link = readlinkSync(join(folder, path));
  const target = posix.normalize(posix.join(posix.dirname(path), link));
  if (posix.isAbsolute(link) || target === ".." || target.startsWith("../")) {
    throw unsafe(path, `is a link to "${link}", outside the folder`);
  }
  return link;
}

function unsafe(path: string, why: string): SlipwayError {
  return new SlipwayError("ARTIFACT_UNSAFE", {
    what: "Cannot pack a build",
    why: `${JSON.stringify(path)} ${why}`,
  });
}

import { isAbsolute, posix } from "node:path";

/** What is looked at of a tar entry. */
export interface TarEntry {
  readonly path: string;
  readonly type: string;
  readonly linkpath?: string | undefined;
}

const FILES = new Set(["File", "OldFile", "ContiguousFile", "Directory"]);

/**
 * Why a tar entry must not be unpacked, or null when it is harmless: it would write outside the folder, link
 * out of it, or be neither file, folder nor link.
 */
export function refuseEntry({ path, type, linkpath = "" }: TarEntry): string | null {
  if (leadsOut(path, ".")) return `entry "${path}" leaves the folder`;
  if (FILES.has(type)) return null;
  // A symbolic link is relative to its own folder, a hard link to the root of the archive.
  if (type === "SymbolicLink" || type === "Link") {
    const base = type === "Link" ? "." : posix.dirname(path);
    return leadsOut(linkpath, base) ? `entry "${path}" links to "${linkpath}", outside the folder` : null;
  }
  return `entry "${path}" is a ${type}`;
}

function leadsOut(path: string, base: string): boolean {
  if (path === "" || isAbsolute(path) || path.includes("\0") || path.includes("\\")) return true;
  if (path.split("/").includes("..") && base === ".") return true;
  return posix.normalize(posix.join(base, path)).split("/")[0] === "..";
}

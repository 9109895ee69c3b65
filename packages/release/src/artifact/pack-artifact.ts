import { createWriteStream, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { digestOf, SlipwayError } from "@slipway/kernel";
import { Pack } from "tar";
import { fileDigest } from "./file-digest.ts";
import { listContent } from "./list-content.ts";

/** The file that says inside an artifact what it is; the only one that the build digest leaves out. */
export const STAMP_FILE = "slipway-build.json";

/** What is stamped into an artifact, and what its service answers at /meta. */
export interface BuildStamp {
  readonly service: string;
  readonly version: string;
  readonly commit: string;
  /** The build digest: of the content without this file, so that it can be inside. */
  readonly digest: string;
}

/**
 * The build digest of a folder: over path, mode and content of every file, the stamp left out. Order, times,
 * owners and umask of the machine do not enter.
 *
 * @returns `sha256:<hex>`.
 * @throws {SlipwayError} BUILD_FAILED for an empty folder, ARTIFACT_UNSAFE as {@link listContent}.
 */
export async function buildDigest(folder: string): Promise<string> {
  const entries = listContent(folder).filter(({ path }) => path !== STAMP_FILE);
  if (entries.length === 0) {
    throw new SlipwayError("BUILD_FAILED", {
      what: "Cannot pack a build",
      why: `it wrote nothing into ${folder}`,
      todo: "Give the build command {output}, the folder to fill",
    });
  }
  const content: unknown[] = [];
  for (const { path, link, mode } of entries) {
    if (link !== null) content.push({ path, link });
    else
      content.push({ path, mode: mode.toString(8), sha256: (await fileDigest(join(folder, path))).slice(7) });
  }
  return digestOf(content);
}

/**
 * Stamps a build and packs it into one tar; the same content and stamp give the same bytes anywhere.
 *
 * @param file the tar to write.
 * @throws {SlipwayError} ARTIFACT_UNSAFE.
 */
export async function packArtifact(folder: string, stamp: BuildStamp, file: string): Promise<void> {
  writeFileSync(join(folder, STAMP_FILE), `${JSON.stringify(stamp, null, 2)}\n`);
  const entries = listContent(folder);
  // tar reads modes and hard links from here and not from the disk. A second name of the same file would become
  // a link entry on a machine whose package manager links files, and a copy on another.
  const statCache = new Map(
    entries.map(({ path, mode, stats }) => [
      resolve(folder, path),
      Object.assign(stats, { mode: modeOf(stats.mode, mode), nlink: 1 }),
    ]),
  );
  const pack = new Pack({
    cwd: resolve(folder),
    portable: true,
    mtime: new Date(0),
    noDirRecurse: true,
    statCache,
  });
  const written = pipeline(pack, createWriteStream(file));
  for (const { path } of entries) pack.add(path);
  pack.end();
  await written;
}

const modeOf = (found: number, wanted: number): number => (found & ~0o7777) | wanted;

import { chmodSync, lstatSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf, SlipwayError } from "@slipway/kernel";
import { create } from "tar";
import { fileDigest } from "./artifact-store.ts";

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
 * The build digest of a folder: over path, executable bit and content of every file, the stamp left out.
 * Order, times, owners and umask of the machine do not enter.
 *
 * @throws {SlipwayError} BUILD_FAILED for an empty folder, and for links, which would point somewhere else
 *   on the machine that unpacks them.
 */
export async function buildDigest(folder: string): Promise<string> {
  const files = filesOf(folder).filter((file) => file !== STAMP_FILE);
  if (files.length === 0)
    throw new SlipwayError("BUILD_FAILED", { what: "Cannot pack a build", why: `${folder} is empty` });
  const entries = [];
  for (const path of files)
    entries.push({ path, mode: modeOf(join(folder, path)), sha256: await fileDigest(join(folder, path)) });
  return digestOf(entries);
}

/** Stamps a build and packs it into one file; the same content and stamp give the same bytes anywhere. */
export async function packArtifact(folder: string, stamp: BuildStamp, file: string): Promise<void> {
  writeFileSync(join(folder, STAMP_FILE), `${JSON.stringify(stamp)}\n`);
  const files = filesOf(folder);
  for (const path of files) chmodSync(join(folder, path), Number.parseInt(modeOf(join(folder, path)), 8));
  rmSync(file, { force: true });
  await create({ file, cwd: folder, portable: true, mtime: new Date(0), follow: false }, files);
}

function filesOf(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return filesOf(folder, path);
      if (entry.isFile()) return [path];
      throw new SlipwayError("BUILD_FAILED", {
        what: "Cannot pack a build",
        why: `"${path}" is not a plain file`,
      });
    })
    .sort();
}

const modeOf = (file: string): "755" | "644" => ((lstatSync(file).mode & 0o100) === 0 ? "644" : "755");

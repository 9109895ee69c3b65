import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { type PostgresBinaries, reachableByOthers } from "@slipway/toolchain";
import { readJsonFile, writeJsonFile } from "../json-file.ts";

/** Where the cluster of a folder lies or will lie. */
export interface ClusterHome {
  readonly home: string;
  /** Whether the cluster was complete there once. */
  readonly made: boolean;
}

const SYSTEM_FOLDER = "/var/lib/slipway";

/** The home that was decided on for a folder, or null when none was yet. */
export function rememberedHome(folder: string): ClusterHome | null {
  try {
    const remembered = readJsonFile(memory(folder));
    if (remembered === null) return null;
    return { home: resolve(folder, String(remembered.home)), made: remembered.made === true };
  } catch (error) {
    // Killed while it was written for the first time, before anything was made.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Remembers that the cluster is complete in its home. */
export function rememberMade(folder: string, home: string): void {
  writeJsonFile(memory(folder), { home: home === folder ? "." : home, made: true });
}

/**
 * Decides where the cluster will lie, once: in the folder itself, or, where the user that Postgres runs as
 * cannot pass through the folders above it, below `/var/lib/slipway` or the temporary folder. Two processes
 * that decide at once decide the same.
 *
 * @throws {SlipwayError} FOLDER_NOT_WRITABLE when no place will do.
 */
export function decideHome(folder: string, binaries: PostgresBinaries): string {
  mkdirSync(folder, { recursive: true });
  const remembered = rememberedHome(folder);
  if (remembered !== null) return remembered.home;
  const home = makeHome(folder, binaries);
  const text = JSON.stringify({ home: home === folder ? "." : home, made: false });
  try {
    writeFileSync(memory(folder), text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const decided = rememberedHome(folder);
    if (decided !== null) return decided.home;
    writeFileSync(memory(folder), text, { mode: 0o600 });
  }
  return home;
}

function makeHome(folder: string, { runAs }: PostgresBinaries): string {
  if (runAs === undefined || reachableByOthers(folder)) return folder;
  // A part by chance: whoever removes the folder and begins again does not get the old data back.
  const name = `${createHash("sha256").update(folder).digest("hex").slice(0, 12)}-${randomBytes(3).toString("hex")}`;
  const candidates = [join(SYSTEM_FOLDER, name), join(tmpdir(), `slipway-${name}`)];
  for (const home of candidates) {
    try {
      mkdirSync(home, { recursive: true, mode: 0o755 });
      if (reachableByOthers(home)) return home;
    } catch (error) {
      // The next one may do; when none does, all are named below.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }
  throw new SlipwayError("FOLDER_NOT_WRITABLE", {
    what: "Cannot place the embedded database",
    why: `the user that it runs as cannot get to ${folder}, nor to ${candidates.join(" or ")}`,
  });
}

function memory(folder: string): string {
  return join(folder, "postgres.json");
}

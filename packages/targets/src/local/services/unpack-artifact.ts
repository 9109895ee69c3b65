import { createHash, randomBytes } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isDigest, SlipwayError } from "@slipway/kernel";
import { type ReadEntry, Unpack } from "tar";
import { refuseEntry } from "./refuse-entry.ts";

/**
 * Unpacks an artifact into `<into>/<hex>`, once: an artifact that is there already is used as it is. The
 * folder appears only after the tar's digest was found right and every entry harmless.
 *
 * @param store folder of the artifact store, with one `<hex>.tar` per artifact.
 * @returns the folder with the content.
 * @throws {SlipwayError} ARTIFACT_MISSING, ARTIFACT_DAMAGED, ARTIFACT_UNSAFE.
 */
export async function unpackArtifact(store: string, digest: string, into: string): Promise<string> {
  if (!isDigest(digest)) throw new TypeError(`not a digest: ${digest}`);
  const hex = digest.slice("sha256:".length);
  const folder = join(into, hex);
  if (existsSync(folder)) return folder;
  const tar = join(store, `${hex}.tar`);
  if (!existsSync(tar)) {
    throw new SlipwayError("ARTIFACT_MISSING", {
      what: `Cannot unpack artifact ${digest}`,
      why: `${tar} does not exist`,
    });
  }
  const partial = join(into, `.${hex}.${process.pid}-${randomBytes(4).toString("hex")}`);
  mkdirSync(partial, { recursive: true });
  try {
    await unpackVerified(tar, digest, partial);
    publish(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

async function unpackVerified(tar: string, digest: string, folder: string): Promise<void> {
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  let refused: string | null = null;
  const unpack = new Unpack({
    cwd: folder,
    strict: true,
    preserveOwner: false,
    filter: (_path, entry) => {
      refused ??= refuseEntry(entry as ReadEntry);
      return refused === null;
    },
  });
  try {
    await pipeline(createReadStream(tar), hashing, unpack);
  } catch (cause) {
    throw new SlipwayError("ARTIFACT_DAMAGED", {
      what: `Cannot unpack artifact ${digest}`,
      why: `${basename(tar)} is not a readable tar: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found !== digest) {
    throw new SlipwayError("ARTIFACT_DAMAGED", {
      what: `Cannot unpack artifact ${digest}`,
      why: `the content of ${basename(tar)} has the digest ${found}`,
    });
  }
  if (refused !== null) {
    throw new SlipwayError("ARTIFACT_UNSAFE", { what: `Cannot unpack artifact ${digest}`, why: refused });
  }
}

function publish(partial: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another process finished the same artifact first: equal digests, equal content.
    if (!existsSync(folder)) throw error;
  }
}

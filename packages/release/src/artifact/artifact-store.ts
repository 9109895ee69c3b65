import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { SlipwayError } from "@slipway/kernel";

/** Artifacts by the digest of their bytes, one file each. */
export interface ArtifactStore {
  has(digest: string): boolean;
  /** Where an artifact lies, or would lie. */
  path(digest: string): string;
  /** Moves a finished file into the store under its digest, whole or not at all. */
  put(file: string): Promise<string>;
  /**
   * Proves that an artifact is there and is what its digest says.
   *
   * @param name what it is, for the error.
   * @throws {SlipwayError} ARTIFACT_MISSING, ARTIFACT_DAMAGED.
   */
  verify(digest: string, name: string): Promise<void>;
}

/** A store in a folder, usually `.slipway/artifacts`. The folder is made when something is put there. */
export function artifactStore(folder: string): ArtifactStore {
  const path = (digest: string) => join(folder, `${digest.replace("sha256:", "")}.tar`);
  return {
    path,
    has: (digest) => existsSync(path(digest)),
    async put(file) {
      mkdirSync(folder, { recursive: true });
      const digest = await fileDigest(file);
      renameSync(file, path(digest));
      return digest;
    },
    async verify(digest, name) {
      if (!existsSync(path(digest))) {
        throw new SlipwayError("ARTIFACT_MISSING", {
          what: `Cannot start ${name}`,
          why: `artifact ${digest} is not in ${folder}`,
        });
      }
      const found = await fileDigest(path(digest));
      if (found === digest) return;
      throw new SlipwayError("ARTIFACT_DAMAGED", {
        what: `Cannot start ${name}`,
        why: `${path(digest)} has digest ${found}`,
      });
    },
  };
}

/** `sha256:<hex>` of a file's bytes, read in pieces. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest("hex")}`;
}

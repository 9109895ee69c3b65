import { randomBytes } from "node:crypto";
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDigest, SlipwayError } from "@slipway/kernel";
import { fileDigest } from "./file-digest.ts";

/** Artifacts by the digest of their bytes, one file each. */
export interface ArtifactStore {
  /** Whether a file of that name is there; {@link ArtifactStore.verify} proves that it is whole. */
  has(digest: string): boolean;
  /** Where an artifact lies, or would lie: `<folder>/<hex>.tar`. */
  path(digest: string): string;
  /**
   * Copies a finished file into the store under its digest, whole or not at all. A damaged one of the same name is
   * replaced.
   *
   * @returns the digest.
   */
  put(file: string): Promise<string>;
  /**
   * Proves that an artifact is there and is what its digest says.
   *
   * @param name what it is, for the error.
   * @throws {SlipwayError} ARTIFACT_MISSING, ARTIFACT_DAMAGED.
   */
  verify(digest: string, name: string): Promise<void>;
}

/**
 * A store in a folder, usually `.slipway/artifacts`. The folder is made when something is put there.
 *
 * @example
 * const store = artifactStore(".slipway/artifacts");
 * const digest = await store.put("api.tar"); // "sha256:…"
 */
export function artifactStore(folder: string): ArtifactStore {
  const path = (digest: string) => {
    if (!isDigest(digest)) throw new TypeError(`not a digest: ${JSON.stringify(digest)}`);
    return join(folder, `${digest.slice("sha256:".length)}.tar`);
  };
  return {
    path,
    has: (digest) => existsSync(path(digest)),
    async put(file) {
      mkdirSync(folder, { recursive: true });
      const partial = join(folder, `.${randomBytes(6).toString("hex")}.partial`);
      try {
        copyFileSync(file, partial, constants.COPYFILE_FICLONE);
        const digest = await fileDigest(partial);
        renameSync(partial, path(digest));
        return digest;
      } finally {
        rmSync(partial, { force: true });
      }
    },
    async verify(digest, name) {
      const what = `Cannot use the artifact of ${name}`;
      if (!existsSync(path(digest))) {
        throw new SlipwayError("ARTIFACT_MISSING", { what, why: `${digest} is not in ${folder}` });
      }
      const found = await fileDigest(path(digest));
      if (found === digest) return;
      throw new SlipwayError("ARTIFACT_DAMAGED", { what, why: `${path(digest)} has digest ${found}` });
    },
  };
}

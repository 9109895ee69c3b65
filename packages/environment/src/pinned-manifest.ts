import { isSlipwayError } from "@slipway/kernel";
import { readStoredRelease } from "@slipway/ledger";
import { type Manifest, parseManifest, readManifest } from "@slipway/release";
import type { OpenEnvironment } from "./open-environment.ts";

/**
 * The manifest of a release: from the project's folder, or else the copy that the ledger kept when the
 * release was here before. So a checkout that lacks the file can still roll back to it.
 *
 * @throws {SlipwayError} RELEASE_UNKNOWN, MANIFEST_INVALID, MANIFEST_EDITED.
 */
export async function pinnedManifest(environment: OpenEnvironment, version: string): Promise<Manifest> {
  try {
    return readManifest(environment.folders.releases, version);
  } catch (error) {
    if (!isSlipwayError(error) || error.code !== "RELEASE_UNKNOWN") throw error;
    const db = await environment.database();
    const { ledger } = await environment.observe();
    const stored = db === null || ledger.version === 0 ? null : await readStoredRelease(db, version);
    if (stored === null) throw error;
    return parseManifest(stored, `the ledger's copy of ${version}`);
  }
}

import { SlipwayError } from "@slipway/kernel";
import { call } from "./call.ts";
import type { Database } from "./database.ts";

/** A manifest that the ledger keeps, so that a checkout without the file can roll back to it. */
export interface StoredRelease {
  readonly version: string;
  readonly digest: string;
  /** As it was stored; whoever uses it verifies the digest. */
  readonly manifest: unknown;
}

/**
 * Keeps a copy of a manifest. The same again changes nothing.
 *
 * @throws {SlipwayError} MANIFEST_EDITED when another manifest of this version was here before.
 */
export async function storeRelease(
  db: Database,
  manifest: { readonly version: string; readonly digest: string },
): Promise<void> {
  const { version, digest } = manifest;
  const what = `Cannot keep the manifest of release "${version}"`;
  const sql = "select slipway.store_release($1, $2, $3) as digest";
  const [row] = await call<{ digest: string }>(db, what, sql, [version, digest, JSON.stringify(manifest)]);
  if (row?.digest === digest) return;
  throw new SlipwayError("MANIFEST_EDITED", {
    what,
    why: `another one is known here: its digest is ${row?.digest}, this one's is ${digest}`,
  });
}

/** The manifest of a release that was here, or null. */
export async function readStoredRelease(db: Database, version: string): Promise<unknown> {
  const what = `Cannot read the ledger's copy of release "${version}"`;
  const sql = "select manifest from slipway.releases where version = $1";
  const [row] = await call<{ manifest: unknown }>(db, what, sql, [version]);
  return row?.manifest ?? null;
}

/** All releases that were here, in the order of their first time. */
export function listStoredReleases(db: Database): Promise<StoredRelease[]> {
  const sql = "select version, digest, manifest from slipway.releases order by stored_at, version";
  return call<StoredRelease>(db, "Cannot read the ledger's releases", sql);
}

import { call } from "./call.ts";
import type { Database } from "./database.ts";

/** A question to the data, as SQL that only reads. */
export interface StoredProbe {
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly sql: string;
}

/** A head as it was when it settled. */
export interface StoredHead {
  /** The id of the newest migration. */
  readonly migration: string;
  readonly fingerprint: string;
  /** A line for each object of the catalog. */
  readonly objects: string;
  readonly probes: readonly StoredProbe[];
}

/** Reads what was kept of a head; null when it never settled, or was settled by an older Slipway. */
export async function readHead(db: Database, migration: string): Promise<StoredHead | null> {
  const [row] = await call<StoredHead>(
    db,
    `Cannot read what the schema was at "${migration}"`,
    "select migration, fingerprint, objects, probes from slipway.heads where migration = $1",
    [migration],
  );
  return row ?? null;
}

/**
 * Keeps what a head looks like and which probes hold for it. A fingerprint that is not the one that the head was first
 * settled with is not kept.
 *
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function keepHead(db: Database, head: StoredHead & { readonly token: number }): Promise<void> {
  const { token, migration, fingerprint, objects, probes } = head;
  await call(
    db,
    `Cannot keep what the schema is at "${migration}"`,
    "select slipway.keep_head($1, $2, $3, $4, $5)",
    [token, migration, fingerprint, objects, JSON.stringify(probes)],
  );
}

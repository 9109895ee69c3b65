import { call } from "./call.ts";
import type { Database } from "./database.ts";
import { recordableText } from "./recordable.ts";

/** Rows or values that a rollback would have lost, as kept in schema `slipway_saved`. */
export interface SavedData {
  /** The table in `slipway_saved` that holds them. */
  readonly name: string;
  /** The migration that was undone. */
  readonly migration: string;
  /** Schema and table that they come from, as SQL: `"public"."orders"`. */
  readonly source: string;
  /** A dropped table; a table that lost rows; columns that were dropped or changed. */
  readonly what: "table" | "rows" | "columns";
  /** Null for whole rows. */
  readonly columns: readonly string[] | null;
  readonly rows: number;
  /** On the disk, indexes and TOAST included. */
  readonly bytes: number;
  /** ISO 8601, UTC, as every time in the ledger. */
  readonly savedAt: string;
  readonly savedBy: string;
  readonly expiresAt: string;
  /** By the database's clock. What has expired stays until somebody removes it. */
  readonly expired: boolean;
  /** When the next up of the migration put it back; null before. */
  readonly putBackAt: string | null;
  readonly putBack: PutBack | null;
}

/** How it went to put saved data back. */
export interface PutBack {
  /** Rows, or rows' values, that are in the database again. */
  readonly putBack: number;
  /** Rows that stay only in the copy: others took their place, or they cannot be told apart. */
  readonly kept: number;
  /** What stood in the way; null when nothing did. */
  readonly note: string | null;
}

/** What rollbacks saved and nobody removed yet, newest first; empty where there is no ledger. */
export async function listSavedData(db: Database): Promise<SavedData[]> {
  const rows = await call<{ saved: SavedData }>(
    db,
    "Cannot list what rollbacks saved",
    "select slipway.saved_list() as saved",
  );
  return rows.map(({ saved }) => saved);
}

/**
 * Removes saved data for good: of the given names those that have expired, or that were put back whole. Audited as
 * `saved.removed`.
 *
 * @returns the names of what was removed.
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function removeSavedData(
  db: Database,
  {
    token,
    actor,
    names,
  }: { readonly token: number; readonly actor: string; readonly names: readonly string[] },
): Promise<string[]> {
  const rows = await call<{ name: string }>(
    db,
    "Cannot remove what rollbacks saved",
    "select slipway.remove_saved($1, $2, $3) as name",
    [token, recordableText(db, actor), [...names]],
  );
  return rows.map(({ name }) => name);
}

import type { Database } from "@slipway/ledger";
import { callFlags, flagView } from "./call-flags.ts";
import type { FlagView } from "./flag-view.ts";

/**
 * Every flag of the environment, archived ones too, by key; or the one with that key. Takes the right "killer".
 *
 * @returns an empty list where there is no such flag.
 * @throws {SlipwayError} FLAG_DENIED, DATABASE_FAILED.
 */
export async function readFlags(db: Database, key: string | null = null): Promise<FlagView[]> {
  const rows = await callFlags<FlagView[]>(db, "Cannot read the flags", "slipway_api.list_flags($1)", [key]);
  return rows.map(flagView);
}

import { call } from "./call.ts";
import type { Database } from "./database.ts";

/** The version from which a ledger keeps durations. */
export const DURATIONS_SINCE = 22;

/** How large a table was. */
export interface TableSize {
  /** As the migration names it, `public.` left out. */
  readonly name: string;
  /** The server's estimate; null where it has none. */
  readonly rows: number | null;
  /** Rows and TOAST, without indexes. */
  readonly bytes: number;
}

/** How long the last run of a migration's SQL took, with the tables that it worked on. */
export interface MigrationDuration {
  readonly migration: string;
  readonly direction: "up" | "down";
  /** 64 hexadecimal characters, of the SQL that ran. */
  readonly sha256: string;
  readonly milliseconds: number;
  /** Before it ran; empty where the time does not depend on rows. */
  readonly tables: readonly TableSize[];
  /** ISO 8601, UTC: when it ended. */
  readonly at: string;
}

/** What is kept of how long migrations took, oldest first. The ledger has to be of {@link DURATIONS_SINCE} or newer. */
export function readDurations(db: Database): Promise<MigrationDuration[]> {
  return call<MigrationDuration>(
    db,
    "Cannot read how long migrations took",
    `select migration, direction, sha256, milliseconds, tables, slipway.iso(ended_at) as at
     from slipway.durations where milliseconds is not null order by ended_at, migration, direction`,
    [],
  );
}

import { type Database, databaseError } from "@slipway/ledger";

/** A migration that began outside a transaction and was not recorded: its run was killed, or failed. */
export interface UnfinishedMigration {
  readonly id: string;
  readonly direction: "up" | "down";
  /** SQL that takes back what was begun; null where there is none. */
  readonly opposite: string | null;
}

/** Reads from the audit which migrations were begun and neither recorded nor taken back. */
export async function unfinishedMigrations(db: Database): Promise<UnfinishedMigration[]> {
  try {
    return await db.query<UnfinishedMigration>(
      `select id, direction, opposite from (
         select distinct on (a.subject) a.subject as id, a.kind,
           a.data ->> 'direction' as direction, a.data ->> 'opposite' as opposite
         from slipway.audit a
         where a.kind in ('migration.started', 'migration.applied', 'migration.reverted', 'migration.abandoned')
         order by a.subject, a.seq desc
       ) latest
       where kind = 'migration.started' order by id`,
    );
  } catch (error) {
    throw databaseError(error, "Cannot read which migrations are unfinished");
  }
}

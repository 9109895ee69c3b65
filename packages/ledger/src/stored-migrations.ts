import { call } from "./call.ts";
import type { Database } from "./database.ts";
import type { Kind, Phase } from "./ledger-snapshot.ts";

/** The SQL of an applied migration, as the ledger kept it when it was applied. */
export interface StoredMigration {
  readonly id: string;
  readonly ordinal: number;
  readonly release: string;
  readonly phase: Phase;
  readonly kind: Kind;
  readonly upSql: string;
  /** Null only for an irreversible one. */
  readonly downSql: string | null;
  readonly upSha256: string;
  readonly downSha256: string | null;
}

/** The stored SQL of applied migrations, newest first; ids that are not applied are left out. */
export function readStoredMigrations(db: Database, ids: readonly string[]): Promise<StoredMigration[]> {
  return call<StoredMigration>(
    db,
    "Cannot read the ledger's migrations",
    `select id, ordinal, release, phase, kind, up_sql as "upSql", down_sql as "downSql",
            up_sha256 as "upSha256", down_sha256 as "downSha256"
     from slipway.migrations where id = any($1) order by ordinal desc`,
    [[...ids]],
  );
}

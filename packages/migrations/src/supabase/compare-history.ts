import { nameSome } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import { versionOf } from "./history-sql.ts";

/** How the Supabase CLI's history and the ledger differ. */
export interface HistoryDifferences {
  /** Rows that the ledger knows nothing of: somebody ran `supabase db push`, or `migration repair`. */
  readonly foreign: readonly { readonly version: string; readonly name: string | null }[];
  /** Ids that the ledger has as applied and whose row is gone: `migration repair --status reverted`, `db reset`. */
  readonly missing: readonly string[];
}

/**
 * Compares the ledger with the Supabase CLI's history. Changes nothing.
 *
 * @param applied ids in the ledger.
 * @returns null where the database has no such history.
 */
export async function compareHistory(
  db: Database,
  applied: readonly string[],
): Promise<HistoryDifferences | null> {
  const [table] = await db.query<{ named: boolean }>(
    `select exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = 'name') as named
     from pg_catalog.pg_class c
     where c.oid = pg_catalog.to_regclass('supabase_migrations.schema_migrations')
       and pg_catalog.has_table_privilege(c.oid, 'select')`,
  );
  if (table === undefined) return null;
  const rows = await db.query<{ version: string; name: string | null }>(
    `select version, ${table.named ? "name" : "null::text as name"} from supabase_migrations.schema_migrations`,
  );
  const ours = new Set(applied.map(versionOf));
  const theirs = new Set(rows.map(({ version }) => version));
  return {
    foreign: rows.filter(({ version }) => !ours.has(version)).sort(byVersion),
    missing: applied.filter((id) => !theirs.has(versionOf(id))),
  };
}

const byVersion = (a: { version: string }, b: { version: string }): number =>
  a.version.length - b.version.length || (a.version < b.version ? -1 : 1);

/** What differs, for people, each with what to do about it; empty when nothing does. */
export function describeHistory({ foreign, missing }: HistoryDifferences): string[] {
  const list = (names: readonly string[]) => nameSome(names, 3);
  return [
    ...(foreign.length === 0
      ? []
      : [
          `supabase_migrations has ${list(foreign.map(({ version, name }) => (name === null ? version : `${version}_${name}`)))}, which the ledger does not know: adopt with slipway migrate baseline, or supabase migration repair --status reverted`,
        ]),
    ...(missing.length === 0
      ? []
      : [
          `supabase_migrations lacks ${list(missing)}, which the ledger has as applied: supabase db push would run it again; supabase migration repair --status applied puts the row back`,
        ]),
  ];
}

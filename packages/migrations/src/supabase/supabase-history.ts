import type { Database } from "@slipway/ledger";

/**
 * Whether the Supabase CLI's history is kept up: `auto` where the table is there and may be written, `always` makes
 * it, `never` leaves it alone.
 */
export type SupabaseMode = "auto" | "always" | "never";

/** The history table of the Supabase CLI, as far as a database has it. */
export interface SupabaseHistory {
  /** Hosted projects have six columns, the CLI makes three. */
  readonly columns: ReadonlySet<string>;
}

// Word for word what the CLI runs, so that it finds what it would have made.
const createHistory = `
  set local lock_timeout = '4s';
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
  alter table supabase_migrations.schema_migrations add column if not exists statements text[];
  alter table supabase_migrations.schema_migrations add column if not exists name text`;

/**
 * Finds the history that migrations are to be written to besides the ledger; null where there is none to be kept.
 *
 * @throws {SlipwayError} DATABASE_FAILED when `always` may not make it.
 */
export async function supabaseHistory(db: Database, mode: SupabaseMode): Promise<SupabaseHistory | null> {
  if (mode === "never") return null;
  const found = await historyColumns(db);
  if (found.size > 0 || mode === "auto") return found.size > 0 ? { columns: found } : null;
  await db.transaction(() => db.script(createHistory));
  return { columns: await historyColumns(db) };
}

/** The columns of the history that may be written; none where there is no table. */
async function historyColumns(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ name: string }>(
    `select a.attname as name from pg_catalog.pg_attribute a
     where a.attrelid = pg_catalog.to_regclass('supabase_migrations.schema_migrations')
       and a.attnum > 0 and not a.attisdropped
       and pg_catalog.has_table_privilege(a.attrelid, 'insert, update, delete')`,
  );
  return new Set(rows.map(({ name }) => name));
}

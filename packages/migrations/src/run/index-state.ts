import type { Database } from "@slipway/ledger";
import { quoteName } from "../sql/quote-name.ts";

/** Whether an index is there, and whether it is whole: one whose making was stopped is `invalid`. */
export type IndexState = "absent" | "invalid" | "valid";

/** Looks an index up beside its table, in whose schema Postgres puts it. */
export async function indexState(db: Database, table: readonly string[], index: string): Promise<IndexState> {
  const [row] = await db.query<{ valid: boolean }>(
    `select i.indisvalid and i.indisready as valid
     from pg_class t join pg_class c on c.relnamespace = t.relnamespace join pg_index i on i.indexrelid = c.oid
     where t.oid = to_regclass($1) and c.relname = $2`,
    [quoteName(table), index],
  );
  return row === undefined ? "absent" : row.valid ? "valid" : "invalid";
}

/** Drops an index that is invalid: nothing uses it, and it keeps its name from the one that is to be made. */
export async function dropIfInvalid(db: Database, table: readonly string[], index: string): Promise<void> {
  if ((await indexState(db, table, index)) !== "invalid") return;
  await db.script(`drop index concurrently ${quoteName([...table.slice(0, -1), index])}`);
}

/** Drops the invalid copies that a stopped REINDEX CONCURRENTLY leaves behind. */
export async function dropLeftovers(db: Database): Promise<void> {
  const leftovers = await db.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' and n.nspname <> 'pg_toast'`,
  );
  for (const { name } of leftovers) await db.script(`drop index concurrently ${name}`);
}

import type { Database } from "@slipway/ledger";
import type { Backfill } from "../read/backfill-directive.ts";
import { quoteName } from "../sql/quote-name.ts";

/** The table of a backfill as it is in the database. */
export interface BackfillTable {
  /** Schema and table, as SQL. */
  readonly table: string;
  /** The key column, as SQL. */
  readonly key: string;
  /** The key's type, as SQL. */
  readonly type: string;
  /** About how many rows there are. */
  readonly rows: number;
  /** The largest key, as text; null for an empty table. */
  readonly last: string | null;
}

/** A part of the keys, both ends included, as text. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** Above this the planner's estimate is good enough. */
const COUNTED_ROWS = 100_000;

/**
 * Looks up what a backfill goes over.
 *
 * @throws {Error} for people: the table or the column is not there, the key may be null, or no index leads with it.
 */
export async function lookUpBackfill(db: Database, { table, key }: Backfill): Promise<BackfillTable> {
  const name = quoteName(table);
  const [row] = await db.query<{
    name: string;
    type: string;
    required: boolean;
    indexed: boolean;
    estimate: number;
  }>(
    `select format('%I.%I', n.nspname, c.relname) as name, format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull as required, c.reltuples::float8 as estimate, exists (
         select from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null
       ) as indexed
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = $2 and a.attnum > 0 and not a.attisdropped
     where c.oid = to_regclass($1) and c.relkind in ('r', 'p')`,
    [name, key],
  );
  if (row === undefined)
    throw new Error(`the backfill's table ${table.join(".")} with column ${key} is not there`);
  if (!row.required) throw new Error(`the backfill's key ${key} may be null: such rows would be left out`);
  if (!row.indexed)
    throw new Error(`no index leads with the backfill's key ${key}: each chunk would read the whole table`);
  const column = quoteName([key]);
  const [last] = await db.query<{ last: string }>(
    `select ${column}::text as last from ${row.name} order by ${column} desc limit 1`,
  );
  const [counted] = await db.query<{ rows: number }>(
    `select count(*)::int as rows from (select from ${row.name} limit ${COUNTED_ROWS}) counted`,
  );
  const rows = Math.max(counted?.rows ?? 0, Math.round(row.estimate));
  return { table: row.name, key: column, type: row.type, rows, last: last?.last ?? null };
}

/** The next rows after a key, and not beyond another: a chunk of them; null when there are none. */
export async function nextRange(
  db: Database,
  { table, key, type }: BackfillTable,
  { after, last, chunk }: { readonly after: string | null; readonly last: string; readonly chunk: number },
): Promise<KeyRange | null> {
  const beyond = after === null ? "" : `and ${key} > $3::${type}`;
  const [row] = await db.query<{ from: string | null; to: string; rows: number }>(
    `select (array_agg(k::text order by k))[1] as from, (array_agg(k::text order by k desc))[1] as to, count(*)::int as rows
     from (select ${key} as k from ${table} where ${key} <= $1::${type} ${beyond} order by ${key} limit $2) part`,
    [last, chunk, ...(after === null ? [] : [after])],
  );
  return row === undefined || row.from === null ? null : { from: row.from, to: row.to, rows: row.rows };
}

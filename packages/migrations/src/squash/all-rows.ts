import type { Database } from "@slipway/ledger";
import { probeRows } from "../prove/rows/row-probe.ts";
import { tableFacts } from "../prove/rows/table-facts.ts";

/** What a database holds: a text for each table's count, each column's values and each sequence, by name. */
export type Rows = ReadonlyMap<string, string>;

/** Reads what all tables and sequences hold, of those that migrations make. */
export async function allRows(db: Database): Promise<Rows> {
  const tables = await db.query<{ oid: string }>(
    `select c.oid::text as oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_'
       and n.nspname <> 'information_schema' order by n.nspname, c.relname`,
  );
  const facts = await tableFacts(
    db,
    tables.map(({ oid }) => Number(oid)),
  );
  const held = new Map<string, string>();
  for (const { table, count, columns } of (await probeRows(db, facts)).values()) {
    held.set(`rows of ${table}`, String(count));
    for (const { name, hash } of columns.values()) held.set(`values of ${table}.${name}`, hash ?? "");
  }
  const sequences = await db.query<{ name: string; last: string | null }>(
    "select schemaname || '.' || sequencename as name, last_value::text as last from pg_sequences",
  );
  for (const { name, last } of sequences) held.set(`sequence ${name}`, last ?? "");
  return held;
}

/** The names of what differs. */
export function rowDifferences(a: Rows, b: Rows): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

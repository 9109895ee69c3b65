import type { Database, TableSize } from "@slipway/ledger";
import { escapeLiteral } from "pg";
import { quoteName } from "../sql/quote-name.ts";

/** How long a look at a size waits for a lock, in milliseconds: a plan must not hang behind a migration. */
const WAIT_MS = 1_000;

/**
 * SQL of a value: a JSON list of the sizes of the tables that are there, partitions included. Rows are the server's
 * estimate of rows per page, times the pages of now.
 *
 * @param names as `TableWork` has them: they are looked up in the session's search path.
 */
export function sizesSql(names: readonly string[]): string {
  const quoted = names.map((name) => escapeLiteral(quoteName(name.split("."))));
  const list = quoted.map(
    (name, index) => `(${escapeLiteral(names[index]!)}, pg_catalog.to_regclass(${name}))`,
  );
  return `(select coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
    'name', t.name, 'rows', s.rows, 'bytes', s.bytes) order by t.name collate "C"), '[]')
  from (values ${list.join(", ")}) t (name, oid), lateral (
    select pg_catalog.sum(pg_catalog.pg_table_size(c.oid)) as bytes,
      case when pg_catalog.bool_and(p.pages = 0 or (c.reltuples >= 0 and c.relpages > 0)) then pg_catalog.round(pg_catalog.sum(
        case when p.pages = 0 then 0 else c.reltuples::float8 / nullif(c.relpages, 0) * p.pages end)) end as rows
    from pg_catalog.pg_class c,
    lateral (select pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8 as pages) p
    -- An array, for which the index is used whatever the planner thinks of the number of partitions.
    where c.relkind in ('r', 'm') and c.oid = any (array(
      select t.oid union all select relid from pg_catalog.pg_partition_tree(t.oid) where relid <> t.oid))
  ) s where t.oid is not null and s.bytes is not null)`;
}

/**
 * How large tables are now; those that are not there are left out. Reads only, and waits a second at most.
 *
 * @throws what the server answers, a lock that could not be had among it.
 */
export async function tableSizes(db: Database, names: readonly string[]): Promise<TableSize[]> {
  if (names.length === 0) return [];
  return db.transaction(async () => {
    await db.script(`set transaction read only; set local lock_timeout = ${WAIT_MS}`);
    const [row] = await db.query<{ sizes: TableSize[] }>(`select ${sizesSql(names)} as sizes`);
    return row?.sizes ?? [];
  });
}

import type { Database } from "@slipway/ledger";
import type { SqlStatement } from "../../sql/parse-sql.ts";
import { quoteName } from "../../sql/quote-name.ts";
import { touchedTables } from "../../sql/touched-tables.ts";

/** More tables than this are not filled and probed for a statement that does not say what it touches. */
const MOST = 200;

/**
 * The object ids of the tables that statements touch and that are there now. Statements whose tables cannot be read
 * from them (DO, CALL, functions) may touch any.
 */
export async function tablesOf(db: Database, statements: readonly SqlStatement[]): Promise<number[]> {
  const names = touchedTables(statements).map((name) => quoteName(name.split(".")));
  const rows = await db.query<{ oid: string }>(
    `select c.oid::text as oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p')
       and (c.oid in (select to_regclass(name) from unnest($1::text[]) name)
         or $2 and not c.relispartition and n.nspname !~ '^pg_'
           and n.nspname <> all ('{information_schema,slipway,slipway_saved}'))
     order by c.oid limit $3`,
    [names, statements.some(({ node }) => isOpaque(node)), MOST],
  );
  return rows.map(({ oid }) => Number(oid));
}

function isOpaque(node: SqlStatement["node"]): boolean {
  return (
    "DoStmt" in node ||
    "CallStmt" in node ||
    ("SelectStmt" in node && node.SelectStmt.fromClause === undefined && !isConstant(node))
  );
}

/** `select 1` and its like, the usual text of a rollback that has nothing to do. */
function isConstant(node: SqlStatement["node"]): boolean {
  return !JSON.stringify(node).includes('"FuncCall"');
}

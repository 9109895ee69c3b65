import { type Database, isPostgresError, type StoredMigration } from "@slipway/ledger";
import { classifyStatements } from "../classify/classify-statements.ts";
import { columnKey, keyOf, madeBy } from "../classify/made-by.ts";
import { upFile } from "../migration.ts";
import { parseSql, type SqlStatement } from "../sql/parse-sql.ts";
import type { RollbackLoss } from "./rollback-effects.ts";
import type { Stake } from "./stakes.ts";

/** Whether all that a rollback would take from a table or a column was written since the migration was applied. */
export type WrittenSince = (loss: RollbackLoss, stake: Stake) => Promise<boolean>;

/**
 * Tells, for one applied migration, what cannot be older than it: rows of a table, and values of a column, that its own up
 * made without putting anything into them. Of everything else nobody knows, since rows carry no time: a table that was there before, a
 * column with a default, SQL that writes rows, data that was put back, or a migration that was adopted.
 *
 * @param names of the rollback's own text, which is written for the schema right after the up.
 */
export async function writtenSince(
  db: Database,
  { id, upSql }: Pick<StoredMigration, "id" | "upSql">,
  isOlder: ReadonlySet<string>,
): Promise<WrittenSince> {
  const made = isOlder.has(id) ? new Set<string>() : await madeEmpty(upSql, id);
  return async (loss, { table, column }) => {
    if (loss.loses !== "table" && loss.loses !== "column") return false;
    const isMade =
      made.has(keyOf("OBJECT_TABLE", loss.table)) ||
      (loss.loses === "column" &&
        made.has(columnKey("COLUMN", loss.table, loss.column)) &&
        !made.has(columnKey("DEFAULT", loss.table, loss.column)));
    return isMade && standsAlone(db, table, column);
  };
}

/**
 * Of applied migrations those whose up did not begin with nothing: adopted ones, and those that were given back what an
 * earlier rollback had saved. All of them where that cannot be read.
 */
export async function notBegunEmpty(db: Database, ids: readonly string[]): Promise<Set<string>> {
  try {
    const rows = await db.query<{ id: string }>(
      `select id from (select distinct on (a.subject) a.subject as id, a.kind from slipway.audit a
         where a.subject = any($1) and a.kind in ('migration.applied', 'migration.adopted', 'migration.put-back')
         order by a.subject, a.seq desc) latest where kind <> 'migration.applied'`,
      [[...ids]],
    );
    return new Set(rows.map(({ id }) => id));
  } catch (error) {
    // Not allowed to read it: then nobody knows.
    if (isPostgresError(error)) return new Set(ids);
    throw error;
  }
}

async function madeEmpty(upSql: string, id: string): Promise<Set<string>> {
  const statements = await parseSql({ file: upFile(id), text: upSql });
  const writes = classifyStatements(statements).some(
    ({ touches }) => !["schema", "session"].includes(touches),
  );
  return new Set(writes ? [] : statements.filter(certainly).flatMap(({ node }) => madeBy(node)));
}

// With IF NOT EXISTS it may have been there.
function certainly({ node }: SqlStatement): boolean {
  if ("CreateStmt" in node) return node.CreateStmt.if_not_exists !== true;
  if (!("AlterTableStmt" in node)) return false;
  return (node.AlterTableStmt.cmds ?? []).every(
    (cmd) => !("AlterTableCmd" in cmd) || cmd.AlterTableCmd.missing_ok !== true,
  );
}

// Partitions and children may have been filled before; a domain's default fills a column that is added.
async function standsAlone(db: Database, table: string, column: string | null): Promise<boolean> {
  const [row] = await db.query<{ alone: boolean }>(
    `select c.relkind = 'r' and not c.relhassubclass and not exists (
       select from pg_attribute a join pg_type t on t.oid = a.atttypid
       where a.attrelid = c.oid and a.attname = $2 and not a.attisdropped and t.typtype = 'd') as alone
     from pg_class c where c.oid = to_regclass($1)`,
    [table, column],
  );
  return row?.alone === true;
}

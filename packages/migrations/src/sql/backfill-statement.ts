import { migrationInvalid } from "./migration-invalid.ts";
import type { SqlStatement } from "./parse-sql.ts";
import type { SqlSource } from "./source-position.ts";
import { walkTree } from "./syntax-tree.ts";

/**
 * The one statement of a backfill: it writes the rows of the keys from `$1` to `$2`, both included.
 *
 * @throws {SlipwayError} MIGRATION_INVALID with line and column for anything else.
 */
export function backfillStatement(source: SqlSource, statements: readonly SqlStatement[]): SqlStatement {
  const [statement, second] = statements;
  const refuse = (why: string, at: number) =>
    migrationInvalid(source, at, {
      why,
      todo: "Write one UPDATE, INSERT or DELETE, with: where <key> between $1 and $2",
    });
  if (statement === undefined) throw refuse("a backfill needs a statement", 0);
  if (second !== undefined) throw refuse("a backfill is one statement", second.start);
  const { node, start } = statement;
  if (!("UpdateStmt" in node || "InsertStmt" in node || "DeleteStmt" in node)) {
    throw refuse("a backfill writes rows", start);
  }
  const used = new Set<unknown>();
  walkTree(node, (tag, body) => {
    if (tag === "ParamRef") used.add(body.number);
  });
  if (used.size !== 2 || !used.has(1) || !used.has(2)) {
    throw refuse("a backfill's statement is run for the keys from $1 to $2, and has to name both", start);
  }
  return statement;
}

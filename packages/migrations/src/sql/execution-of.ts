import { classifyStatement } from "../classify/classify-statement.ts";
import { type Backfill, backfillOf } from "../read/backfill-directive.ts";
import { backfillStatement } from "./backfill-statement.ts";
import { migrationInvalid } from "./migration-invalid.ts";
import { parseSql, type SqlStatement } from "./parse-sql.ts";
import type { SqlSource } from "./source-position.ts";

/**
 * How a file has to run: as one transaction; statement by statement because Postgres refuses its statements inside
 * one; or its one statement many times, a transaction for each range of keys.
 */
export type Execution =
  | { readonly mode: "transaction" }
  | { readonly mode: "alone"; readonly statements: readonly SqlStatement[] }
  | { readonly mode: "backfill"; readonly backfill: Backfill; readonly statement: SqlStatement };

const SUSPICIOUS = /\b(?:concurrently|vacuum|reindex|cluster)\b|--[ \t]*slipway[ \t]*:[ \t]*backfill\b/i;

/**
 * Decides how a file has to run. Files that hold none of the telling words are not parsed.
 *
 * @throws {SlipwayError} MIGRATION_INVALID when a statement that cannot run in a transaction shares its file with
 * one that should (only part of the file would be undone by a failure), or has no name to find it by after a kill.
 */
export async function executionOf(source: SqlSource): Promise<Execution> {
  if (!SUSPICIOUS.test(source.text)) return { mode: "transaction" };
  return executionOfStatements(source, await parseSql(source));
}

/** {@link executionOf} for a file that is parsed already. */
export function executionOfStatements(source: SqlSource, statements: readonly SqlStatement[]): Execution {
  const backfill = backfillOf(source.text);
  if (backfill !== null)
    return { mode: "backfill", backfill, statement: backfillStatement(source, statements) };
  const outside = statements.filter(({ node }) => !classifyStatement(node).transactional);
  const [first] = outside;
  if (first === undefined) return { mode: "transaction" };
  if (outside.length < statements.length) {
    throw migrationInvalid(source, first.start, {
      why: "this statement cannot run in a transaction, the others of the file should: a failure would leave half of the file",
      todo: "Move it to a migration of its own",
    });
  }
  for (const { node, start } of outside) {
    if ("IndexStmt" in node && !node.IndexStmt.idxname) {
      throw migrationInvalid(source, start, {
        why: "CREATE INDEX CONCURRENTLY without a name cannot be found again after a kill",
        todo: "Give the index a name",
      });
    }
    if (detachesConcurrently(node)) {
      throw migrationInvalid(source, start, {
        why: "DETACH PARTITION CONCURRENTLY can stop half way, and nothing then undoes it",
        todo: "Write DETACH PARTITION without CONCURRENTLY",
      });
    }
  }
  return { mode: "alone", statements };
}

function detachesConcurrently(node: SqlStatement["node"]): boolean {
  return (
    "AlterTableStmt" in node &&
    (node.AlterTableStmt.cmds ?? []).some(
      (command) =>
        "AlterTableCmd" in command &&
        command.AlterTableCmd.subtype === "AT_DetachPartition" &&
        command.AlterTableCmd.def !== undefined &&
        "PartitionCmd" in command.AlterTableCmd.def &&
        command.AlterTableCmd.def.PartitionCmd.concurrent === true,
    )
  );
}

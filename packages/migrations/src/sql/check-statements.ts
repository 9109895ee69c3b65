import { migrationInvalid } from "./migration-invalid.ts";
import { copyFromStdin, type SqlStatement } from "./parse-sql.ts";
import type { SqlSource } from "./source-position.ts";
import { objectName, walkRelations } from "./syntax-tree.ts";

const LEDGER_SCHEMAS = ["slipway", "slipway_api", "slipway_saved"];

/**
 * Refuses statements that no migration and no rollback may hold: transaction control (each file is one
 * transaction, with its row in the ledger), `COPY … FROM STDIN`, what reaches outside the database, and
 * whatever touches the ledger.
 *
 * @throws {SlipwayError} MIGRATION_INVALID with line and column.
 */
export function checkStatements(source: SqlSource, statements: readonly SqlStatement[]): void {
  for (const statement of statements) {
    const problem = problemOf(statement);
    if (problem === "copy") throw copyFromStdin(source, statement.start);
    if (problem !== null) throw migrationInvalid(source, statement.start, problem);
  }
}

const leaveToSlipway = {
  why: "each file is one transaction, opened and committed together with its row in the ledger",
  todo: "Remove the statement; SAVEPOINT and ROLLBACK TO are allowed",
};

function problemOf({ node, text }: SqlStatement): { why: string; todo: string } | "copy" | null {
  if ("TransactionStmt" in node) {
    const allowed = ["TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO"];
    return allowed.includes(node.TransactionStmt.kind ?? "") ? null : leaveToSlipway;
  }
  if ("CopyStmt" in node) {
    const { is_from, filename, is_program } = node.CopyStmt;
    if (filename === undefined && !is_program) {
      return is_from === true ? "copy" : { why: "COPY … TO STDOUT gives rows to nobody", todo: "Remove it" };
    }
  }
  if (reachesOutside(node)) {
    return {
      why: `${text.split(/\s+/, 2).join(" ").toUpperCase()} changes the server, not this database: no rollback could undo it`,
      todo: "Do it where the server is set up",
    };
  }
  return touchesLedger(node)
    ? {
        why: "the schemas slipway, slipway_api and slipway_saved belong to Slipway",
        todo: "Leave them alone",
      }
    : null;
}

function reachesOutside(node: SqlStatement["node"]): boolean {
  return (
    "CreatedbStmt" in node ||
    "DropdbStmt" in node ||
    "AlterSystemStmt" in node ||
    "CreateTableSpaceStmt" in node ||
    "DropTableSpaceStmt" in node
  );
}

function touchesLedger(node: SqlStatement["node"]): boolean {
  let found = false;
  walkRelations(node, (relation) => {
    if (LEDGER_SCHEMAS.includes(relation.schemaname ?? "")) found = true;
  });
  if ("DropStmt" in node) {
    found ||= (node.DropStmt.objects ?? []).some((object) =>
      LEDGER_SCHEMAS.includes(objectName(object)[0] ?? ""),
    );
  }
  return found;
}

import type { Node } from "libpg-query";
import { losingStatements } from "../loss/classify-rollback.ts";
import type { Kind } from "../migration.ts";
import type { SqlStatement } from "../sql/parse-sql.ts";
import { objectName } from "../sql/syntax-tree.ts";
import { breaksApp } from "./breaks-app.ts";
import { classifyStatement } from "./classify-statement.ts";
import { keyOf, madeBy } from "./made-by.ts";
import type { StatementFacts } from "./statement-facts.ts";

/** One statement's facts, and whether the objects it locks were made by the same file, so that nobody else waits. */
export interface ClassifiedStatement extends StatementFacts {
  readonly statement: SqlStatement;
  /** The locks on what was there before the file: those that others can wait for. */
  readonly felt: StatementFacts["locks"];
  /** Whether `work` is on a table that was there before the file. */
  readonly workFelt: boolean;
}

/**
 * Classifies the statements of a file in their order: what a file made before counts as its own, so that dropping or
 * locking it touches nobody.
 *
 * @param made what files before it made that will be applied together with it; what this file makes is added.
 * @example
 * const [first] = classifyStatements(await parseSql({ file: "1_a.sql", text: "create index on orders (note)" }));
 * first?.locks; // [{ relation: "orders", mode: "SHARE" }]
 */
export function classifyStatements(
  statements: readonly SqlStatement[],
  made: Set<string> = new Set(),
): ClassifiedStatement[] {
  const losing = losingStatements(statements);
  return statements.map((statement, index) => {
    const { node, start, startByte, endByte } = statement;
    const madeLater = () => new Set(statements.slice(index + 1).flatMap(({ node: later }) => madeBy(later)));
    const family = classifyStatement(node);
    const breaks = breaksApp(node, made, madeLater);
    const isOwn = (relation: string | null) =>
      relation !== null && relationKeys.some((type) => made.has(`${type} ${relation}`));
    const classified: ClassifiedStatement = {
      ...family,
      cost: losing.has(statement) ? "lossy" : costOf(node, made),
      phase: breaks === null ? "expand" : "contract",
      breaks,
      start,
      startByte,
      endByte,
      statement,
      felt: family.locks.filter(({ relation }) => !isOwn(relation)),
      workFelt: family.work !== "none" && !isOwn(family.workOn),
    };
    for (const object of madeBy(node)) made.add(object);
    return classified;
  });
}

const relationKeys = ["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE"];

// Postgres has no statement that takes a value out of an enum.
function costOf(node: Node, made: ReadonlySet<string>): Kind {
  if (!("AlterEnumStmt" in node) || node.AlterEnumStmt.oldVal !== undefined) return "lossless";
  const type = objectName({ List: { items: node.AlterEnumStmt.typeName ?? [] } });
  return made.has(keyOf("OBJECT_TYPE", type)) ? "lossless" : "irreversible";
}

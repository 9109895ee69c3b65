import type { ClassifiedStatement } from "../../classify/classify-statements.ts";
import { nameKey, objectName, relationName } from "../../sql/syntax-tree.ts";

/** Tables in `public` that statements make and leave there: neither temporary ones nor partitions, which nobody asks for. */
export function createdPublicTables(
  statements: readonly ClassifiedStatement[],
): { table: string; statement: ClassifiedStatement }[] {
  const dropped = new Set<string>();
  for (const { statement } of statements) {
    if (!("DropStmt" in statement.node) || statement.node.DropStmt.removeType !== "OBJECT_TABLE") continue;
    for (const object of statement.node.DropStmt.objects ?? [])
      dropped.add(`${statement.start} ${nameKey(objectName(object))}`);
  }
  return statements.flatMap((statement) => {
    const { node, start } = statement.statement;
    const created = "CreateStmt" in node ? node.CreateStmt : null;
    const relation = created?.relation;
    if (created === null || relation?.relpersistence === "t" || created.partbound !== undefined) return [];
    const table = nameKey(relationName(relation));
    const goesAgain = [...dropped].some((entry) => {
      const [at = "", ...name] = entry.split(" ");
      return name.join(" ") === table && Number(at) > start;
    });
    return table.includes(".") || goesAgain ? [] : [{ table, statement }];
  });
}

/** Whether a DO block says something: what it does no parser tells, but whoever writes that means it. */
export function mentions(statements: readonly ClassifiedStatement[], words: RegExp): boolean {
  return statements.some(({ statement: { node, text } }) => "DoStmt" in node && words.test(text));
}

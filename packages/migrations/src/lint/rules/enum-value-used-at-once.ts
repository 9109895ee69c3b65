import { nameKey, strings, walkTree } from "../../sql/syntax-tree.ts";
import { type Problem, placeOf, type Rule } from "../rule.ts";

export const enumValueUsedAtOnce: Rule = {
  code: "ML102",
  name: "enum-value-used-at-once",
  severity: "error",
  roles: ["up", "rollback"],
  where: "everywhere",
  why: "Postgres refuses to use a new value of an enum in the transaction that adds it (55P04), and a file is one transaction.",
  fix: "Use the value in the next migration",
  check({ statements }) {
    const added = new Set<string>();
    const made = new Set<string>();
    const found: Problem[] = [];
    for (const one of statements) {
      const { node } = one.statement;
      if ("CreateEnumStmt" in node) made.add(nameKey(strings(node.CreateEnumStmt.typeName)));
      if ("AlterEnumStmt" in node) {
        const { typeName, newVal, oldVal } = node.AlterEnumStmt;
        if (oldVal === undefined && !made.has(nameKey(strings(typeName)))) added.add(newVal ?? "");
        continue;
      }
      // A comment's or a function's text is not evaluated now.
      if (added.size === 0 || "CommentStmt" in node || "CreateFunctionStmt" in node) continue;
      const used = constants(node).find((text) => added.has(text));
      if (used !== undefined) {
        found.push({
          ...placeOf(one),
          message: `the value '${used}' was added to its enum in this same file`,
        });
      }
    }
    return found;
  },
};

function constants(node: unknown): string[] {
  const found: string[] = [];
  walkTree(node, (tag, body) => {
    const text = tag === "A_Const" ? (body.sval as { sval?: string } | undefined)?.sval : undefined;
    if (text !== undefined) found.push(text);
  });
  return found;
}

import type { TypeName } from "libpg-query";
import { nameKey, strings, typeParts, walkTree } from "../../sql/syntax-tree.ts";
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

/**
 * The texts that may become values of the enum. A bare argument of a function and what is cast to a text may not: whether
 * that function takes the enum, only the server knows, and the proof says so before a release is cut.
 */
function constants(node: unknown): string[] {
  const found: string[] = [];
  const others = new Set<unknown>();
  walkTree(node, (tag, body) => {
    if (tag === "FuncCall") for (const argument of listOf(body.args)) others.add(argument.A_Const);
    if (tag === "TypeCast" && TEXTS.has(typeParts(body.typeName as TypeName).at(-1) ?? ""))
      others.add((body.arg as { A_Const?: unknown } | undefined)?.A_Const);
    const text = tag === "A_Const" ? (body.sval as { sval?: string } | undefined)?.sval : undefined;
    if (text !== undefined && !others.has(body)) found.push(text);
  });
  return found;
}

const TEXTS = new Set(["text", "varchar", "bpchar"]);

function listOf(value: unknown): readonly { readonly A_Const?: unknown }[] {
  return Array.isArray(value) ? value : [];
}

import type { SqlStatement } from "./parse-sql.ts";
import { nameKey, objectName, relationName, walkRelations, walkTree } from "./syntax-tree.ts";

/**
 * The tables and views that statements name, `public.` left out, sorted: what they may lock or change. Names inside
 * function bodies and DO blocks are not seen.
 */
export function touchedTables(statements: readonly SqlStatement[]): string[] {
  const touched = new Set<string>();
  for (const { node } of statements) {
    const temporary = new Set<string>();
    walkTree(node, (tag, body) => {
      if (tag === "CommonTableExpr") temporary.add(String(body.ctename));
    });
    walkRelations(node, (relation) => {
      const key = nameKey(relationName(relation));
      if (!temporary.has(key)) touched.add(key);
    });
    if ("DropStmt" in node && node.DropStmt.removeType === "OBJECT_TABLE") {
      for (const object of node.DropStmt.objects ?? []) touched.add(nameKey(objectName(object)));
    }
  }
  return [...touched].sort();
}

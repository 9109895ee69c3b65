import type { RangeVar } from "libpg-query";
import { nameKey, relationName, walkRelations, walkTree } from "../../sql/syntax-tree.ts";
import type { Lock } from "../statement-facts.ts";

/** The locks of reading: on every relation below a node, without the names that the query makes up itself. */
export function readLocks(value: unknown, except: readonly string[] = []): Lock[] {
  const skip = new Set(except);
  walkTree(value, (tag, body) => {
    if (tag === "CommonTableExpr") skip.add(String(body.ctename));
  });
  const found = new Map<string, Lock>();
  walkRelations(value, (relation: RangeVar) => {
    const key = nameKey(relationName(relation));
    if (!skip.has(key)) found.set(key, { relation: key, mode: "ACCESS SHARE" });
  });
  return [...found.values()];
}

import type { Node } from "libpg-query";
import { alterTableFamily } from "./families/alter-table.ts";
import { codeFamily } from "./families/code.ts";
import type { Family } from "./families/family.ts";
import { indexesFamily } from "./families/indexes.ts";
import { maintenanceFamily } from "./families/maintenance.ts";
import { rowsFamily } from "./families/rows.ts";
import { tablesFamily } from "./families/tables.ts";
import { type FamilyFacts, facts, strongerLock as stronger } from "./statement-facts.ts";

const families: Family = {
  ...tablesFamily,
  ...alterTableFamily,
  ...indexesFamily,
  ...codeFamily,
  ...rowsFamily,
  ...maintenanceFamily,
};

/**
 * What the tables of the families say of one statement: locks, work, whether it runs in a transaction. A statement
 * that is in no table changes the schema and locks nothing.
 */
export function classifyStatement(node: Node): FamilyFacts {
  const [tag = "", body] = Object.entries(node)[0] ?? [];
  const classify = families[tag as keyof Family] as ((body: unknown) => FamilyFacts) | undefined;
  const found =
    classify?.(body) ??
    facts(
      tag
        .replace(/Stmt$/, "")
        .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
        .toUpperCase(),
    );
  return { ...found, locks: strongest(found.locks) };
}

// The strongest lock for each relation, in the order in which they are taken.
function strongest(locks: FamilyFacts["locks"]): FamilyFacts["locks"] {
  const byRelation = new Map<string | null, FamilyFacts["locks"][number]>();
  for (const lock of locks) {
    const before = byRelation.get(lock.relation);
    const keep = before !== undefined && stronger(before.mode, lock.mode) === before.mode ? before : lock;
    byRelation.set(lock.relation, keep);
  }
  return [...byRelation.values()];
}

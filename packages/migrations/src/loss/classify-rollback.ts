import type { Kind } from "../migration.ts";
import type { SqlStatement } from "../sql/parse-sql.ts";
import { startNameWalk } from "./name-walk.ts";
import { rollbackEffects } from "./rollback-effects.ts";

/**
 * What undoing costs, judged by the rollback's statements alone: `lossy` when any of them drops or overwrites
 * rows, or might; what the rollback itself made before does not count.
 */
export function classifyRollback(statements: readonly SqlStatement[]): Exclude<Kind, "irreversible"> {
  return losingStatements(statements).size > 0 ? "lossy" : "lossless";
}

/** The statements that drop or overwrite rows which are there before the file runs, or might. */
export function losingStatements(statements: readonly SqlStatement[]): ReadonlySet<SqlStatement> {
  const walk = startNameWalk();
  const losing = new Set<SqlStatement>();
  for (const effect of rollbackEffects(statements)) {
    if ("does" in effect) walk.change(effect);
    else if (!("table" in effect)) losing.add(effect.statement);
    else if (walk.table(effect.table).state !== "present") continue;
    else if (!("column" in effect) || walk.column(effect.table, effect.column).state === "present") {
      losing.add(effect.statement);
    }
  }
  return losing;
}

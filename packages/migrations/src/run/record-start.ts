import type { Database } from "@slipway/ledger";
import { actorFor, type RunContext } from "./run-context.ts";
import { unfinishedMigrations } from "./unfinished-migrations.ts";
import type { WorkUnit } from "./work-unit.ts";

/**
 * Writes to the audit that work of more than one transaction begins, unless an earlier run did: a later one that finds
 * this without an end knows that what it meets is this migration's own.
 *
 * @returns whether an earlier run began it.
 */
export async function recordStart(
  db: Database,
  { id, direction, opposite }: WorkUnit,
  context: Pick<RunContext, "token" | "run" | "actor">,
): Promise<boolean> {
  const unfinished = await unfinishedMigrations(db);
  if (unfinished.some((begun) => begun.id === id && begun.direction === direction)) return true;
  await db.query("select slipway.append_event($1, $2, $3, 'migration.started', $4, $5)", [
    context.token,
    actorFor(db, context),
    context.run,
    id,
    JSON.stringify({ direction, opposite }),
  ]);
  return false;
}

import type { Database } from "@slipway/ledger";
import { noteBegin } from "./note-duration.ts";
import { actorFor, type RunContext } from "./run-context.ts";
import { unfinishedMigrations } from "./unfinished-migrations.ts";
import { callOf, type WorkUnit } from "./work-unit.ts";

/**
 * Writes to the audit that work of more than one transaction begins, unless an earlier run did: a later one that finds
 * this without an end knows that what it meets is this migration's own.
 *
 * @returns whether an earlier run began it.
 */
export async function recordStart(
  db: Database,
  unit: WorkUnit,
  context: Pick<RunContext, "token" | "run" | "actor">,
): Promise<boolean> {
  const { id, direction, opposite } = unit;
  const unfinished = await unfinishedMigrations(db);
  if (unfinished.some((begun) => begun.id === id && begun.direction === direction)) {
    // How long it took with a pause in it says nothing.
    await db.query(noteBegin(unit, true));
    return true;
  }
  const data = JSON.stringify({ direction, opposite });
  const event = [context.token, actorFor(db, context), context.run, "migration.started", id, data];
  await db.script(`${callOf("slipway.append_event", event)};\n${noteBegin(unit, false)}`);
  return false;
}

import { SlipwayError } from "@slipway/kernel";
import { type Database, readStoredMigrations, type StoredMigration } from "@slipway/ledger";
import { workedTables } from "../estimate/table-work.ts";
import { checkRevert } from "../loss/check-revert.ts";
import { rollbackSource } from "../loss/estimate-loss.ts";
import type { LossEstimate } from "../loss/loss-estimate.ts";
import { guardAgainstLoss, ROWS_APPEARED, saveBeforeLoss, trimSaved } from "../loss/save-before-loss.ts";
import { runDirectives } from "../read/run-directives.ts";
import { executionOf } from "../sql/execution-of.ts";
import { historyDelete } from "../supabase/history-sql.ts";
import { appliedIds } from "./apply-migrations.ts";
import { noteEnd } from "./note-duration.ts";
import { actorFor, type RunContext } from "./run-context.ts";
import { type FailureFacts, runUnits } from "./run-units.ts";
import { describeError, sqlStateOf } from "./statement-error.ts";
import { callOf, type WorkUnit } from "./work-unit.ts";

/** The context of {@link revertMigrations}. */
export interface RevertContext extends RunContext {
  /** Ids whose rollback may lose data; it is saved to `slipway_saved` first. */
  readonly allowLoss: readonly string[];
}

/** One migration that was undone, and what that cost. */
export interface RevertedResult {
  readonly id: string;
  readonly lost: LossEstimate["items"];
}

/**
 * Undoes applied migrations with the rollback SQL that the ledger kept: no file is read. Each is one transaction with
 * its row in the ledger. Before anything is touched all are checked; a rollback that was free of loss when checked
 * and no longer is when it runs is refused too.
 *
 * @param ids the newest applied migrations, newest first.
 * @throws {RangeError} when they are not that.
 * @throws {SlipwayError} ROLLBACK_IRREVERSIBLE, ROLLBACK_LOSES_DATA; SCHEMA_REVERT_FAILED; LEASE_LOST; INTERRUPTED.
 */
export async function revertMigrations(
  db: Database,
  ids: readonly string[],
  context: RevertContext,
): Promise<RevertedResult[]> {
  await requireNewest(db, ids);
  const estimates = await checkRevert(db, ids, context);
  const stored = await readStoredMigrations(db, ids);
  const units: WorkUnit[] = [];
  for (const migration of stored) units.push(await unitOf(db, migration, context));
  await runUnits(
    db,
    {
      units,
      done: "undone",
      failure: revertFailed,
      doneIds: async (some) => {
        const applied = await appliedIds(db, some);
        return new Set(some.filter((id) => !applied.has(id)));
      },
    },
    context,
  );
  return estimates.map(({ id, items }) => ({ id, lost: items }));
}

async function requireNewest(db: Database, ids: readonly string[]): Promise<void> {
  const rows = await db.query<{ id: string }>(
    "select id from slipway.migrations order by ordinal desc limit $1",
    [ids.length],
  );
  if (rows.length === ids.length && rows.every(({ id }, index) => id === ids[index])) return;
  const newest = rows.map(({ id }) => id).join(", ");
  throw new RangeError(`the newest applied migrations are ${newest || "none"}, not ${ids.join(", ")}`);
}

async function unitOf(db: Database, migration: StoredMigration, context: RevertContext): Promise<WorkUnit> {
  const { id, kind, upSql, downSha256 } = migration;
  const { token, run, allowLoss, supabase = null } = context;
  const actor = actorFor(db, context);
  const source = rollbackSource(migration);
  const saves = kind === "lossy" && allowLoss.includes(id);
  const guard = () => (saves ? saveBeforeLoss(db, id, source, actor) : guardAgainstLoss(db, source));
  const row = callOf("slipway.migration_reverted", [token, run, actor, id]);
  return {
    id,
    direction: "down",
    source,
    execution: await executionOf(source),
    timeouts: runDirectives(upSql),
    opposite: upSql,
    guard: kind === "lossy" ? guard : null,
    worksOn: await workedTables(source),
    record: `${saves ? trimSaved(id) : ""}${row};\n${noteEnd({ id, direction: "down" }, downSha256)}${supabase === null ? "" : `;\n${historyDelete(id)}`}`,
  };
}

function revertFailed(unit: WorkUnit, error: unknown, { before, total, waited }: FailureFacts): SlipwayError {
  if (sqlStateOf(error) === ROWS_APPEARED) {
    return new SlipwayError("ROLLBACK_LOSES_DATA", {
      what: `Cannot undo migration "${unit.id}"`,
      why: `${error instanceof Error ? error.message : String(error)} since the rollback was checked`,
      todo: `List ${unit.id} in slipway:allowDataLoss (what is dropped is saved to slipway_saved first), or roll forward`,
      cause: error,
    });
  }
  const others = total === 1 ? "" : `; ${before} of ${total} were undone before it`;
  return new SlipwayError("SCHEMA_REVERT_FAILED", {
    what: `Cannot undo migration "${unit.id}"`,
    why: `${describeError(unit.source, error)}${waited}\n    nothing of it was undone${others}: the schema still has it, whatever release serves`,
    todo: `Remove what stands in the way of its rollback (the SQL is in slipway.migrations, down_sql), then run slipway up again: it goes on with ${unit.id}`,
    cause: error,
  });
}

import { isSlipwayError, SlipwayError, systemClock } from "@slipway/kernel";
import { type Database, databaseError } from "@slipway/ledger";
import { blockerWatch, describeBlockers } from "./blocker-watch.ts";
import { lockBackoff } from "./lock-backoff.ts";
import { runBackfill } from "./run-backfill.ts";
import { runByStatement } from "./run-by-statement.ts";
import { limitsOf, type RunContext, type RunLimits } from "./run-context.ts";
import { runMarker } from "./run-marker.ts";
import { runOutsideTransaction } from "./run-outside-transaction.ts";
import { sqlStateOf } from "./statement-error.ts";
import { withCancel } from "./with-cancel.ts";
import {
  batchesOf,
  batchMessage,
  contextOf,
  epilogue,
  type MessageContext,
  opening,
  runsByItself,
  type WorkUnit,
} from "./work-unit.ts";

/** Units to run, and what makes applying and undoing differ. */
export interface Work {
  readonly units: readonly WorkUnit[];
  /** `applied` or `undone`, for messages. */
  readonly done: string;
  /** Which of the given ids the ledger has as done. */
  doneIds(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** The error for a unit that failed. */
  failure(unit: WorkUnit, error: unknown, facts: FailureFacts): SlipwayError;
}

/** What is known around a failed unit. */
export interface FailureFacts {
  /** So many of `total` units are done and stay so. */
  readonly before: number;
  readonly total: number;
  /** Lines on how long it waited for a lock and for whom; empty when it did not. */
  readonly waited: string;
}

// The lease is lost; the ledger has the migration already, or another one is newer.
const LEDGER_REFUSALS = ["SW001", "SW003"];
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Runs units in their order: many in one message, one transaction each; where a message failed, one by one, to learn
 * which statement it was. Only a lock that could not be had is tried again. When it rejects, every unit is either done,
 * with its row, or as if never begun; the ledger says which. (For what cannot run in a transaction see
 * {@link runOutsideTransaction}.)
 *
 * @throws {SlipwayError} what `work.failure` makes; LEASE_LOST; INTERRUPTED; DATABASE_FAILED for a lost connection.
 */
export async function runUnits(db: Database, work: Work, context: RunContext): Promise<void> {
  const { signal, onProgress, clock = systemClock, random = Math.random } = context;
  const limits = limitsOf(context);
  const message: MessageContext = {
    token: context.token,
    limits,
    marker: runMarker(context.token),
  };
  const total = work.units.length;
  const watch = blockerWatch(db, { marker: message.marker, everyMs: lookEveryMs(work, limits) });
  let done = 0;
  const noWait = () => ({ id: "", tries: 0, backoff: lockBackoff({ clock, random, deadlineMs: 0 }) });
  let waiting = noWait();

  const stopIfAborted = (cause?: unknown) => {
    if (!signal?.aborted) return;
    throw new SlipwayError("INTERRUPTED", {
      what: `Stopped before all migrations were ${work.done}`,
      why: `${done} of ${total} are`,
      cause,
    });
  };
  const finish = (units: readonly WorkUnit[]) => {
    for (const { id } of units) {
      done += 1;
      onProgress?.(`${work.done} ${id} (${done} of ${total})`, { id, state: "done", position: done, total });
    }
  };

  // Each migration has its own time: one that went through leaves nothing of its waiting to the next.
  const waitOf = (id: string) => {
    if (waiting.id !== id) {
      const backoff = lockBackoff({ clock, random, deadlineMs: limits.lockDeadlineMs });
      waiting = { id, tries: 0, backoff };
      watch.forget();
    }
    return waiting;
  };

  /** Repeats an attempt while it fails for a lock and there is time; `current` names the unit it is at. */
  async function untilLocked(current: () => WorkUnit, attempt: () => Promise<void>): Promise<void> {
    waitOf(current().id);
    for (;;) {
      stopIfAborted();
      try {
        return await withCancel(db, { signal, marker: message.marker }, () => watch.during(attempt));
      } catch (error) {
        stopIfAborted(error);
        const state = sqlStateOf(error);
        const { id } = current();
        if (state !== null && LEDGER_REFUSALS.includes(state)) {
          throw databaseError(error, `Cannot go on with migration "${id}"`);
        }
        if (state !== LOCK_NOT_AVAILABLE) throw error;
        const wait = waitOf(id);
        wait.tries += 1;
        if (wait.backoff.over()) throw error;
        const blockers = watch.seen();
        const held = describeBlockers(blockers);
        onProgress?.(`waiting for a lock: ${id} (try ${wait.tries}${held === null ? "" : `, ${held}`})`, {
          id,
          state: "waiting for a lock",
          position: done + 1,
          total,
          tries: wait.tries,
          blockers,
        });
        await wait.backoff.wait(signal).catch(stopIfAborted);
      }
    }
  }

  const factsOf = (unit: WorkUnit): FailureFacts => {
    const { id, tries } = waiting;
    if (id !== unit.id || tries === 0) return { before: done, total, waited: "" };
    const held = describeBlockers(watch.seen()) ?? "nobody was seen holding it";
    return { before: done, total, waited: `\n    the lock was not to be had in ${tries} tries: ${held}` };
  };

  async function runTogether(units: readonly WorkUnit[]): Promise<void> {
    let left = units;
    const lookAtLedger = async () => {
      const finished = await work.doneIds(left.map(({ id }) => id));
      finish(left.filter(({ id }) => finished.has(id)));
      left = left.filter(({ id }) => !finished.has(id));
    };
    try {
      await untilLocked(
        () => left[0] ?? units[0]!,
        () =>
          db.script(batchMessage(left, message)).catch(async (error: unknown) => {
            const refused = LEDGER_REFUSALS.includes(sqlStateOf(error) ?? "");
            if (!isSlipwayError(error) && !refused) await lookAtLedger();
            throw error;
          }),
      );
      finish(left);
    } catch (error) {
      // In its own words already: a lost lease, a lost connection, an abort.
      if (isSlipwayError(error)) throw error;
      for (const unit of left) await runAlone(unit);
    }
  }

  async function attempt(unit: WorkUnit): Promise<void> {
    const own = contextOf(unit, message);
    if (unit.execution.mode === "alone") return runOutsideTransaction(db, unit, own, context);
    if (unit.execution.mode === "backfill") {
      return runBackfill(db, unit, unit.execution, own, {
        ...context,
        clock,
        onChunk(text, rows) {
          // The time for getting locks is that of a chunk.
          waiting = noWait();
          onProgress?.(text, { id: unit.id, state: "backfilling", position: done + 1, total, rows });
        },
      });
    }
    const guard = unit.guard === null ? "" : await unit.guard();
    const before = `${opening(unit, own)}${guard}`;
    return runByStatement(db, unit.source, { before, after: epilogue(unit) });
  }

  async function runAlone(unit: WorkUnit): Promise<void> {
    try {
      await untilLocked(
        () => unit,
        () => attempt(unit),
      );
    } catch (error) {
      throw isSlipwayError(error) ? error : work.failure(unit, error, factsOf(unit));
    }
    finish([unit]);
  }

  try {
    for (const batch of batchesOf(work.units)) {
      const [first] = batch;
      if (first && runsByItself(first)) await runAlone(first);
      else await runTogether(batch);
    }
  } finally {
    await watch.end();
  }
}

// Often enough that a try is seen while it waits.
function lookEveryMs({ units }: Work, limits: RunLimits): number {
  const shortest = Math.min(...units.map((unit) => unit.timeouts.lockTimeoutMs ?? limits.lockTimeoutMs));
  return Math.max(10, Math.min(500, shortest / 2));
}

import { isSlipwayError, SlipwayError, systemClock } from "@slipway/kernel";
import { type Database, databaseError } from "@slipway/ledger";
import { lockBackoff } from "./lock-backoff.ts";
import { runByStatement } from "./run-by-statement.ts";
import { limitsOf, type RunContext } from "./run-context.ts";
import { runOutsideTransaction } from "./run-outside-transaction.ts";
import { sqlStateOf } from "./statement-error.ts";
import { withCancel } from "./with-cancel.ts";
import {
  batchesOf,
  batchMessage,
  epilogue,
  type MessageContext,
  prologue,
  type WorkUnit,
} from "./work-unit.ts";

/** Units to run, and what makes applying and undoing differ. */
export interface Work {
  readonly units: readonly WorkUnit[];
  /** `applied` or `undone`, for messages. */
  readonly done: string;
  /** Which of the given ids the ledger has as done. */
  doneIds(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** The error for a unit that failed; `before` of `total` units are done and stay so. */
  failure(unit: WorkUnit, error: unknown, before: number, total: number): SlipwayError;
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
    marker: `slipway ${globalThis.crypto.randomUUID()}`,
  };
  const total = work.units.length;
  let done = 0;

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

  /** Repeats an attempt while it fails for a lock and there is time; `current` names the unit it is at. */
  async function untilLocked(current: () => WorkUnit, attempt: () => Promise<void>): Promise<void> {
    const startBackoff = () => lockBackoff({ clock, random, deadlineMs: limits.lockDeadlineMs });
    let waiting = { id: current().id, backoff: startBackoff() };
    for (;;) {
      stopIfAborted();
      try {
        return await withCancel(db, { signal, marker: message.marker }, attempt);
      } catch (error) {
        stopIfAborted(error);
        const state = sqlStateOf(error);
        const { id } = current();
        if (state !== null && LEDGER_REFUSALS.includes(state)) {
          throw databaseError(error, `Cannot go on with migration "${id}"`);
        }
        // Each migration has its own time: one that went through leaves nothing of its waiting to the next.
        if (waiting.id !== id) waiting = { id, backoff: startBackoff() };
        if (state !== LOCK_NOT_AVAILABLE || waiting.backoff.over()) throw error;
        const progress = { id, state: "waiting for a lock", position: done + 1, total } as const;
        onProgress?.(`waiting for a lock: ${id}`, progress);
        await waiting.backoff.wait(signal).catch(stopIfAborted);
      }
    }
  }

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

  async function runAlone(unit: WorkUnit): Promise<void> {
    const attempt =
      unit.execution.mode === "alone"
        ? () => runOutsideTransaction(db, unit, message, context)
        : async () => {
            const guard = unit.guard === null ? "" : await unit.guard();
            const before = `${prologue(message)}${guard}`;
            await runByStatement(db, unit.source, { before, after: epilogue(unit) });
          };
    try {
      await untilLocked(() => unit, attempt);
    } catch (error) {
      throw isSlipwayError(error) ? error : work.failure(unit, error, done, total);
    }
    finish([unit]);
  }

  for (const batch of batchesOf(work.units)) {
    const [first] = batch;
    if (first && (first.execution.mode === "alone" || first.guard !== null)) await runAlone(first);
    else await runTogether(batch);
  }
}

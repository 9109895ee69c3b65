import { type Clock, isSlipwayError } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import { judgeMetric } from "./judge-metric.ts";
import type { MetricQuery } from "./metric-query.ts";
import { planRamp } from "./plan-ramp.ts";
import type { StepVerdict } from "./ramp.ts";
import { beatRamp, moveRamp, type RampView } from "./ramp-store.ts";

/** What driving a ramp needs beside the ramp. */
export interface DriveOptions {
  readonly actor: string;
  /** Null where the ramp says that time alone decides. */
  readonly metric: MetricQuery | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told after every move. */
  readonly onMove?: (ramp: RampView) => void;
  /** Told of a query that failed and is asked again. */
  readonly onRetry?: (failure: FailedQuery) => void;
}

/** A metric's query that failed, while there is still time to ask again. */
export interface FailedQuery {
  readonly why: string;
  /** Failures in a row, this one included. */
  readonly failures: number;
  /** In so many milliseconds it is asked again. */
  readonly againMs: number;
}

/** How often the driver says that it lives, and sees a kill. */
const BEAT_MS = 1_000;

/** With so many failures of its query in a row a step is not judged, and the ramp is held. */
const MOST_FAILURES = 3;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Drives a ramp that the caller holds until it has ended or is held. Between any two lines the process may be
 * killed: the ledger has every move whole, and whoever takes the ramp over goes on from there.
 *
 * @returns the ramp as it ended: done, rolled-back, held or stopped.
 * @throws {SlipwayError} LEASE_LOST, DATABASE_FAILED; the signal's reason, which leaves the ramp as it is.
 */
export async function driveRamp(db: Database, held: RampView, options: DriveOptions): Promise<RampView> {
  const { actor, clock, signal, onMove } = options;
  let verdict: StepVerdict | null = null;
  let failures = 0;
  let askAgainAt = 0;
  for (;;) {
    signal.throwIfAborted();
    const ramp = await beatRamp(db, held);
    const next = planRamp({ ramp, flag: ramp.flag, now: ramp.now, verdict });
    if (next.move === "nothing") return ramp;
    if (next.move === "judge") {
      const pause = askAgainAt - clock.now();
      if (failures > 0 && pause > 0) {
        // In beats, so that a kill is seen while a failed query waits.
        await clock.sleep(Math.min(pause, BEAT_MS), signal);
        continue;
      }
      verdict = await judge(db, ramp, options);
      if (verdict.verdict !== "error" || options.metric === null) continue;
      failures += 1;
      if (failures === MOST_FAILURES) {
        verdict = { ...verdict, why: `${verdict.why}, ${failures} times in a row` };
        continue;
      }
      const againMs = pauseOf(ramp);
      askAgainAt = clock.now() + againMs;
      options.onRetry?.({ why: verdict.why, failures, againMs });
      verdict = null;
      continue;
    }
    verdict = null;
    failures = 0;
    if (next.move === "wait") {
      await clock.sleep(Math.min(next.ms, BEAT_MS), signal);
      continue;
    }
    const moved = await moveRamp(db, held, actor, next);
    onMove?.(moved);
    if (moved.status !== "running") return moved;
  }
}

// All the failures of a step together take a fifth of the time that it is watched for.
const pauseOf = ({ steps, step }: RampView): number =>
  Math.min(LONGEST_PAUSE_MS, Math.ceil((steps[step]?.soakMs ?? 0) / 10));

async function judge(db: Database, ramp: RampView, { metric, signal }: DriveOptions): Promise<StepVerdict> {
  if (ramp.metric === null || ramp.max === null)
    return { verdict: "pass", why: "its time is over, and nothing else was asked for" };
  if (metric === null) return { verdict: "error", why: `${ramp.metric} cannot be asked here` };
  // A query may take longer than a silent driver keeps its ramp.
  const beat = setInterval(() => void beatRamp(db, ramp).catch(ignoreUntilTheNextMove), BEAT_MS);
  try {
    const percent = ramp.steps[ramp.step]?.percent ?? 0;
    const value = await metric.read({ flag: ramp.key, percent, since: ramp.steppedAt }, signal);
    return judgeMetric(value, Number(ramp.max));
  } catch (error) {
    signal.throwIfAborted();
    return { verdict: "error", why: error instanceof Error ? error.message : String(error) };
  } finally {
    clearInterval(beat);
  }
}

// A lost ramp or database shows in the next move, which presents the token again.
function ignoreUntilTheNextMove(error: unknown): void {
  if (!isSlipwayError(error)) throw error;
}

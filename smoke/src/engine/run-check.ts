import type { Random, Verdict } from "@slipway/kernel";
import type { FailureClass } from "../definition/common.ts";
import { durationText } from "../definition/duration.ts";
import { isStopReason } from "./check-failure.ts";
import { type LookResult, type LookTools, lookOnce } from "./look-once.ts";
import type { PlannedCheck } from "./planned-check.ts";
import type { CheckReport, FailedAttempt } from "./report.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** What all checks of a run share. */
export interface RunTools extends LookTools {
  readonly random: Random;
  /** When the run's deadline is, on the clock. */
  readonly deadlineAt: number;
  /** Told of every attempt that failed and will be made again. */
  readonly onRetry: (check: PlannedCheck, failed: FailedAttempt) => void;
}

/** Runs one check to its end: attempts, pauses, and the good ones in a row that it asks for. Never rejects. */
export async function runCheck(check: PlannedCheck, run: RunTools): Promise<CheckReport> {
  const start = run.clock.now();
  const giveUpAt = Math.min(run.deadlineAt, start + check.retry.forMs);
  const failures: FailedAttempt[] = [];
  const good = { times: 0, since: 0, broken: 0 };
  let last: LookResult | undefined;
  let attempts = 0;

  const conclude = (verdict: Verdict, failure?: FailureClass, note?: string): CheckReport => ({
    name: check.name,
    kind: check.kind,
    tags: check.tags,
    optional: check.optional,
    verdict,
    ...(failure === undefined ? {} : { failure }),
    message: [last?.message, note].filter(Boolean).join("; "),
    ms: Math.round(last?.ms ?? 0),
    totalMs: Math.round(run.clock.now() - start),
    attempts,
    retried: verdict === "pass" && failures.length > 0,
    findings: last?.findings ?? [],
    failures: failures.length > 10 ? [...failures.slice(0, 5), ...failures.slice(-5)] : failures,
  });

  /** The last failure that was really seen decides; a good but unfinished row of attempts is inconclusive. */
  const unfinished = (note: string, failure: FailureClass): CheckReport => {
    if (failure === "interrupted") return conclude("error", failure, note);
    if (good.times > 0 && good.broken === 0) {
      return conclude("inconclusive", failure, `${good.times} good in a row, not yet stable: ${note}`);
    }
    const flapping = good.broken > 0 ? `flapping, it was well and then not ${timesText(good.broken)}; ` : "";
    const seen = failures.at(-1)?.failure ?? failure;
    return conclude(verdictOf(seen), seen, `${flapping}${note}`);
  };

  for (;;) {
    const look = await lookOnce(check, run);
    attempts++;
    if (look.stopped !== undefined) return unfinished(look.stopped.message, look.stopped.failure);
    last = look;
    if (look.failure === undefined) {
      if (good.times++ === 0) good.since = run.clock.now();
      const held = run.clock.now() - good.since;
      if (good.times >= check.stable.times && held >= check.stable.overMs) return conclude("pass");
    } else {
      if (good.times > 0) good.broken++;
      good.times = 0;
      const at = Math.round(run.clock.now() - start);
      failures.push({ attempt: attempts, at, failure: look.failure, message: look.message });
      if (!check.retry.on.has(look.failure) || failures.length > check.retry.limit) {
        return conclude(
          verdictOf(look.failure),
          look.failure,
          attempts > 1 ? `after ${attempts} attempts` : "",
        );
      }
    }
    const pause = retryDelayMs(check.retry, Math.max(1, failures.length), run.random, look.retryAfterMs);
    if (run.clock.now() + pause >= giveUpAt) {
      const asked = look.retryAfterMs === undefined ? "" : `, it asked for ${durationText(pause)} more`;
      const end = giveUpAt === run.deadlineAt ? "the deadline" : "the end of its time";
      return unfinished(`${end} came after ${countText(attempts)}${asked}`, "timeout");
    }
    const failed = failures.at(-1);
    if (failed?.attempt === attempts) run.onRetry(check, failed);
    try {
      await run.clock.sleep(pause, run.stop);
    } catch (reason) {
      if (!isStopReason(reason)) throw reason;
      return unfinished(reason.message, reason.failure);
    }
  }
}

/** The verdict that a class of failure means. */
export function verdictOf(failure: FailureClass): Verdict {
  if (failure === "no-data" || failure === "inconclusive") return failure;
  if (failure === "configuration" || failure === "interrupted") return "error";
  return "fail";
}

function countText(attempts: number): string {
  return attempts === 1 ? "1 attempt" : `${attempts} attempts`;
}

function timesText(times: number): string {
  return times === 1 ? "once" : `${times} times`;
}

import type { Clock, Random, Verdict } from "@slipway/kernel";
import { durationText } from "../definition/duration.ts";
import type { FailureClass } from "../definition/suite.ts";
import { CheckFailure, StopReason } from "./check-failure.ts";
import type { Attempt, AttemptTools, PlannedCheck } from "./planned-check.ts";
import type { CheckReport, FailedAttempt, Finding } from "./report.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** What all checks of a run share. */
export interface RunTools extends Omit<AttemptTools, "signal"> {
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts with a `StopReason`: the deadline, the silence, or a stop from outside. */
  readonly stop: AbortSignal;
  /** When the run's deadline is, on the clock. */
  readonly deadlineAt: number;
}

interface Look extends Attempt {
  readonly ms: number;
  readonly failure?: FailureClass;
  readonly message: string;
  /** The attempt was cut short by the end of the run: it says nothing about the service. */
  readonly stopped?: StopReason;
}

/** Runs one check to its end: attempts, pauses, and the good ones in a row that it asks for. Never rejects. */
export async function runCheck(check: PlannedCheck, run: RunTools): Promise<CheckReport> {
  const start = run.clock.now();
  const failures: FailedAttempt[] = [];
  const good = { times: 0, since: 0 };
  let last: Look | undefined;
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

  for (;;) {
    const look = await lookOnce(check, run);
    attempts++;
    if (look.stopped !== undefined) return stopped(look.stopped);
    last = look;
    if (look.failure === undefined) {
      if (good.times++ === 0) good.since = run.clock.now();
      const held = run.clock.now() - good.since;
      if (good.times >= check.stable.times && held >= check.stable.overMs) return conclude("pass");
    } else {
      good.times = 0;
      failures.push({
        attempt: attempts,
        at: Math.round(run.clock.now() - start),
        failure: look.failure,
        message: look.message,
      });
      if (!check.retry.on.has(look.failure) || failures.length > check.retry.limit) {
        return conclude(
          verdictOf(look.failure),
          look.failure,
          attempts > 1 ? `after ${attempts} attempts` : "",
        );
      }
    }
    const pause = retryDelayMs(check.retry, Math.max(1, failures.length), run.random, look.retryAfterMs);
    if (run.clock.now() + pause >= run.deadlineAt) return atDeadline(pause);
    try {
      await run.clock.sleep(pause, run.stop);
    } catch (reason) {
      return stopped(reason as StopReason);
    }
  }

  function atDeadline(pause: number): CheckReport {
    const asked = last?.retryAfterMs === undefined ? "" : `, it asked for ${durationText(pause)} more`;
    return unfinished(`the deadline came after ${countText(attempts)}${asked}`, "timeout");
  }

  function stopped(reason: StopReason): CheckReport {
    return unfinished(reason.message, reason.failure);
  }

  /** The last thing that was really seen decides; a good but unfinished row of attempts is inconclusive. */
  function unfinished(note: string, failure: FailureClass): CheckReport {
    if (failure === "interrupted") return conclude("error", failure, note);
    if (good.times > 0) {
      return conclude("inconclusive", failure, `${good.times} good in a row, not yet stable: ${note}`);
    }
    const seen = failures.at(-1)?.failure ?? failure;
    return conclude(verdictOf(seen), seen, note);
  }
}

/** The verdict that a class of failure means. */
export function verdictOf(failure: FailureClass): Verdict {
  if (failure === "no-data") return "no-data";
  if (failure === "configuration" || failure === "interrupted") return "error";
  return "fail";
}

async function lookOnce(check: PlannedCheck, run: RunTools): Promise<Look> {
  const limit = new AbortController();
  const timer = setTimeout(
    () =>
      limit.abort(new CheckFailure("timeout", `no complete answer within ${durationText(check.timeoutMs)}`)),
    check.timeoutMs,
  );
  const start = run.clock.now();
  const signal = AbortSignal.any([limit.signal, run.stop]);
  const { transport, clock, answered } = run;
  try {
    const attempt = await untilAborted(check.attempt({ transport, clock, answered, signal }), signal);
    const bad = attempt.findings.filter((finding) => !finding.ok);
    return {
      ...attempt,
      ms: clock.now() - start,
      ...(bad[0] === undefined ? {} : { failure: bad[0].failure ?? "assertion" }),
      message: bad.length === 0 ? goodText(attempt.findings) : bad.map(badText).join("; "),
    };
  } catch (error) {
    const ms = clock.now() - start;
    if (error instanceof StopReason) {
      return { findings: [], ms, failure: error.failure, message: error.message, stopped: error };
    }
    if (error instanceof CheckFailure) {
      return { findings: [], ms, failure: error.failure, message: error.message };
    }
    // A bug in a check or in a port: it must not pass, and it must say where it comes from.
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { findings: [], ms, failure: "configuration", message: `the check itself failed: ${message}` };
  } finally {
    clearTimeout(timer);
  }
}

/** Settles when the signal aborts even if the work does not listen to it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    // The losing side of the race may still reject; the winner has decided.
    work.catch(() => undefined);
  }
}

function goodText(findings: readonly Finding[]): string {
  return findings.map(({ what, seen }) => (what === "status" ? seen : `${what} ${seen}`)).join(", ");
}

function badText({ what, expected, seen }: Finding): string {
  return `${what}: expected ${expected}, seen ${seen}`;
}

function countText(attempts: number): string {
  return attempts === 1 ? "1 attempt" : `${attempts} attempts`;
}

import {
  type Clock,
  combineVerdicts,
  createRedactor,
  type Random,
  type Redactor,
  systemClock,
} from "@slipway/kernel";
import { type Duration, durationMs, durationText } from "../definition/duration.ts";
import type { Suite } from "../definition/suite.ts";
import { CheckFailure, StopReason } from "./check-failure.ts";
import { conclusion } from "./conclusion.ts";
import { fetchTransport } from "./fetch-transport.ts";
import { planSuite } from "./plan-suite.ts";
import type { PlannedCheck } from "./planned-check.ts";
import { redactReport } from "./redact-report.ts";
import type { CheckReport, Counts, SmokeReport } from "./report.ts";
import { type RunTools, runCheck } from "./run-check.ts";
import type { HttpTransport } from "./transport.ts";

/** What a run may be told. */
export interface SmokeOptions {
  /** Stops the run at once. Its reason becomes part of the report. */
  readonly signal?: AbortSignal;
  /** Goes before the suite's own. */
  readonly deadline?: Duration;
  /** Only checks with one of these tags. */
  readonly tags?: readonly string[];
  readonly transport?: HttpTransport;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Knows the secrets that must not reach a report. */
  readonly redactor?: Redactor;
  /** Called as checks end, in the order in which they end. */
  readonly onCheck?: (report: CheckReport) => void;
}

/**
 * Runs a suite: its checks side by side, each until it passes, fails for good, or the deadline comes.
 * Never rejects for what a service does; a suite that cannot be run gives a report with verdict `error`.
 *
 * @example
 * const report = await runSmoke({ checks: [{ url: "http://127.0.0.1:3000/healthz", expect: { health: true } }] });
 * if (report.verdict !== "pass") process.exitCode = 1;
 */
export async function runSmoke(suite: Suite, options: SmokeOptions = {}): Promise<SmokeReport> {
  const clock = options.clock ?? systemClock;
  const redactor = options.redactor ?? createRedactor();
  const start = clock.now();
  const report = (checks: readonly CheckReport[], problem?: string): SmokeReport => {
    const finished = clock.now();
    const { environment, release, digest, attempt } = suite.expected ?? {};
    const verdict = problem === undefined ? verdictOfRun(checks) : "error";
    const counts = countChecks(checks);
    return redactReport(redactor, {
      slipway: "smoke",
      schema: 1,
      suite: suite.name ?? "smoke",
      verdict,
      expected: {
        ...(environment === undefined ? {} : { environment }),
        ...(release === undefined ? {} : { release }),
        ...(digest === undefined ? {} : { digest }),
        ...(attempt === undefined ? {} : { attempt }),
      },
      startedAt: new Date(start).toISOString(),
      finishedAt: new Date(finished).toISOString(),
      ms: Math.round(finished - start),
      counts,
      checks,
      ...conclusion(suite, verdict, counts, checks, problem),
    });
  };

  let planned: PlannedCheck[];
  let deadlineMs: number;
  let silenceMs: number;
  try {
    planned = selectChecks(planSuite(suite), options.tags);
    deadlineMs = durationMs(options.deadline ?? suite.deadline ?? 30_000);
    silenceMs = durationMs(suite.silence ?? 10_000);
  } catch (error) {
    if (error instanceof CheckFailure || error instanceof RangeError) return report([], error.message);
    throw error;
  }
  const stop = stopAfter(options.signal, deadlineMs, silenceMs);
  const tools: RunTools = {
    clock,
    random: options.random ?? Math.random,
    transport: options.transport ?? fetchTransport(),
    answered: stop.answered,
    stop: stop.signal,
    deadlineAt: start + deadlineMs,
  };
  try {
    const checks = await Promise.all(
      planned.map(async (check) => {
        const done = redactReport(redactor, await runCheck(check, tools));
        options.onCheck?.(done);
        return done;
      }),
    );
    return report(checks);
  } finally {
    stop.end();
  }
}

function selectChecks(checks: PlannedCheck[], tags: readonly string[] | undefined): PlannedCheck[] {
  const selected =
    tags === undefined ? checks : checks.filter((check) => check.tags.some((tag) => tags.includes(tag)));
  if (selected.length === 0) {
    const why =
      checks.length === 0 ? "the suite has no checks" : `no check has the tag ${tags?.join(" or ")}`;
    throw new CheckFailure("configuration", `nothing would be checked: ${why}`);
  }
  return selected;
}

/** Optional checks that fail are shown, and do not decide; a run of optional checks alone proves nothing. */
function verdictOfRun(checks: readonly CheckReport[]) {
  return combineVerdicts(checks.filter(({ optional }) => !optional).map(({ verdict }) => verdict));
}

function countChecks(checks: readonly CheckReport[]): Counts {
  const bad = checks.filter(({ verdict }) => verdict !== "pass");
  return {
    checks: checks.length,
    passed: checks.length - bad.length,
    failed: bad.filter(({ optional }) => !optional).length,
    warned: bad.filter(({ optional }) => optional).length,
    retried: checks.filter(({ retried }) => retried).length,
  };
}

/** One signal for everything that ends a run early: from outside, the deadline, and nobody answering. */
function stopAfter(outer: AbortSignal | undefined, deadlineMs: number, silenceMs: number) {
  const controller = new AbortController();
  const stopFor = (failure: "timeout" | "network" | "interrupted", message: string) =>
    controller.abort(new StopReason(failure, message));
  const deadline = setTimeout(
    () => stopFor("timeout", `the deadline of ${durationText(deadlineMs)} came`),
    deadlineMs,
  );
  const silence = setTimeout(
    () => stopFor("network", `given up: nothing at all answered for ${durationText(silenceMs)}`),
    silenceMs,
  );
  const onOuter = () => {
    const reason: unknown = outer?.reason;
    stopFor("interrupted", reason instanceof Error ? reason.message : "the run was stopped");
  };
  if (outer?.aborted) onOuter();
  outer?.addEventListener("abort", onOuter, { once: true });
  return {
    signal: controller.signal,
    answered: () => clearTimeout(silence),
    end: () => {
      clearTimeout(deadline);
      clearTimeout(silence);
      outer?.removeEventListener("abort", onOuter);
    },
  };
}

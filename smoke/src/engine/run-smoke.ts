import { type Clock, createRedactor, type Random, type Redactor, systemClock } from "@slipway/kernel";
import { type Duration, durationMs } from "../definition/duration.ts";
import type { Suite } from "../definition/suite.ts";
import { buildReport } from "./build-report.ts";
import { isCheckFailure } from "./check-failure.ts";
import { fetchTransport } from "./fetch-transport.ts";
import type { Ports } from "./ports.ts";
import { type Prepared, prepare } from "./prepare.ts";
import type { CheckReport, FailedAttempt, SmokeReport } from "./report.ts";
import { type RunTools, runCheck } from "./run-check.ts";
import { stopSignal } from "./stop-signal.ts";
import type { HttpTransport } from "./transport.ts";

/** What a run may be told. */
export interface SmokeOptions {
  /** A name in the suite's `suites`: its checks, its deadline. */
  readonly suite?: string;
  /** Only checks with one of these tags. */
  readonly tags?: readonly string[];
  /** Goes before the suite's own. */
  readonly deadline?: Duration;
  /** Stops the run at once; clean-ups still run. Its reason becomes part of the report. */
  readonly signal?: AbortSignal;
  /** Reads an environment variable that the suite declares. Without it none is set. */
  readonly env?: (name: string) => string | undefined;
  /** What checks need beyond `fetch`: `nodePorts` from `@slipway/smoke/node-ports` under Node and Deno. */
  readonly ports?: Ports;
  readonly transport?: HttpTransport;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Knows the secrets that must not reach a report. */
  readonly redactor?: Redactor;
  /** Called once, with the names of the checks in their order. */
  readonly onStart?: (names: readonly string[]) => void;
  /** Called for every attempt that failed and will be made again. */
  readonly onRetry?: (name: string, failed: FailedAttempt) => void;
  /** Called as checks end, in the order in which they end. */
  readonly onCheck?: (report: CheckReport) => void;
  /** Records the run, mostly in a ledger. A run that cannot be recorded is an `error`, not a pass. */
  readonly audit?: (report: SmokeReport) => Promise<void>;
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
  const startedAt = clock.now();
  const random = options.random ?? Math.random;
  const runId = `${startedAt.toString(36)}-${Math.floor(random() * 36 ** 6).toString(36)}`;
  const conclude = async (checks: readonly CheckReport[], problem?: string) => {
    const times = { startedAt, finishedAt: clock.now() };
    return record(buildReport(suite, checks, times, redactor, problem), options.audit, redactor);
  };
  let prepared: Prepared;
  try {
    prepared = await prepare(suite, {
      suite: options.suite,
      tags: options.tags,
      deadlineMs: options.deadline === undefined ? undefined : durationMs(options.deadline),
      env: options.env ?? (() => undefined),
      runId,
      redactor,
    });
  } catch (error) {
    if (isCheckFailure(error)) return conclude([], error.message);
    throw error;
  }
  options.onStart?.(prepared.checks.map(({ name }) => redactor.redact(name)));
  const stop = stopSignal(options.signal, prepared.deadlineMs, prepared.silenceMs);
  const tools: RunTools = {
    clock,
    random,
    redactor,
    transport: options.transport ?? fetchTransport(),
    ports: options.ports ?? {},
    answered: stop.answered,
    stop: stop.signal,
    deadlineAt: startedAt + prepared.deadlineMs,
    onRetry: (check, failed) => options.onRetry?.(redactor.redact(check.name), failed),
  };
  const running = Promise.all(
    prepared.checks.map(async (check) => {
      const tags = check.tags.map(redactor.redact);
      const report = await runCheck({ ...check, name: redactor.redact(check.name), tags }, tools);
      options.onCheck?.(report);
      return report;
    }),
  );
  stop.begin();
  try {
    return await conclude(await running);
  } finally {
    stop.end();
  }
}

async function record(
  report: SmokeReport,
  audit: SmokeOptions["audit"],
  redactor: Redactor,
): Promise<SmokeReport> {
  try {
    await audit?.(report);
    return report;
  } catch (error) {
    const why = redactor.redact(error instanceof Error ? error.message : String(error));
    return {
      ...report,
      verdict: "error",
      sentence: `${report.sentence} The run could not be recorded: ${why}.`,
      next: "Make the ledger reachable, then run again: a run without a record is no evidence.",
    };
  }
}

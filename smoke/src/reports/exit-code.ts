import type { SmokeReport } from "../engine/report.ts";

/** The runner's own exit codes, so that a script can tell a wrong answer from no answer. */
export const exitCodes = {
  pass: 0,
  /** Something answered, and not as expected. */
  assertion: 1,
  /** Nothing that failed gave an answer: refused, reset, unknown host, timed out. */
  network: 2,
  /** Inconclusive, or nothing to judge. */
  undecided: 3,
  /** The suite, the command line or a value is wrong, or nothing would be checked. */
  configuration: 64,
  /** A bug in the runner: nothing is proved. */
  internal: 70,
  /** Stopped by a signal. */
  interrupted: 130,
} as const;

/**
 * The exit code of a report: 0 only for a pass.
 *
 * @example
 * process.exitCode = exitCodeOf(await runSmoke(suite));
 */
export function exitCodeOf(report: SmokeReport): number {
  if (report.verdict === "pass") return exitCodes.pass;
  const failures = report.checks.filter((check) => !check.optional).flatMap(({ failure }) => failure ?? []);
  if (failures.includes("interrupted")) return exitCodes.interrupted;
  if (report.verdict === "error") return exitCodes.configuration;
  if (report.verdict !== "fail") return exitCodes.undecided;
  const silent = report.checks
    .filter((check) => !check.optional && check.verdict === "fail")
    .every(({ failure }) => failure === "network" || failure === "timeout");
  return silent ? exitCodes.network : exitCodes.assertion;
}

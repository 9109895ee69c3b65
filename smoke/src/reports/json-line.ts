import type { SmokeReport } from "../engine/report.ts";

/** The one line that a machine keeps of a run: under 1 KB, and nothing of what a service answered. */
export interface SmokeLine {
  readonly slipway: "smoke";
  readonly verdict: SmokeReport["verdict"];
  readonly attempt: number | null;
  readonly release: string | null;
  readonly digest: string | null;
  readonly checks: number;
  readonly failed: number;
  readonly warned: number;
  readonly retried: number;
  readonly ms: number;
  readonly finishedAt: string;
}

/**
 * Renders a report as one compact JSON line.
 *
 * @example
 * renderJsonLine(report); // {"slipway":"smoke","verdict":"pass","attempt":7,"release":"1.1.0",...}
 */
export function renderJsonLine(report: SmokeReport): string {
  const line: SmokeLine = {
    slipway: "smoke",
    verdict: report.verdict,
    attempt: report.expected.attempt ?? null,
    release: report.expected.release ?? null,
    digest: report.expected.digest ?? null,
    checks: report.counts.checks,
    failed: report.counts.failed,
    warned: report.counts.warned,
    retried: report.counts.retried,
    ms: report.ms,
    finishedAt: report.finishedAt,
  };
  return `${JSON.stringify(line)}\n`;
}

import type { CheckReport, FailedAttempt, SmokeReport } from "../engine/report.ts";

/** What a run says while it runs, a line each. */
export type SmokeEvent =
  | { readonly event: "start"; readonly checks: readonly string[] }
  | ({ readonly event: "retry"; readonly name: string } & FailedAttempt)
  | ({ readonly event: "check" } & CheckReport)
  | ({ readonly event: "end" } & Omit<SmokeReport, "checks">);

/**
 * One event as a line.
 *
 * @example
 * renderEvent({ event: "start", checks: ["api /healthz"] }); // {"event":"start","checks":["api /healthz"]}
 */
export function renderEvent(event: SmokeEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** The last event of a run. */
export function endEvent({ checks: _checks, ...report }: SmokeReport): SmokeEvent {
  return { event: "end", ...report };
}

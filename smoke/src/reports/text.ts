import { durationText } from "../definition/duration.ts";
import type { CheckReport, SmokeReport } from "../engine/report.ts";

/**
 * The report for people: a line a check (verdict, milliseconds, what was expected and seen), then what
 * happened as one sentence, and the next step.
 *
 * @example
 * console.log(renderText(report)); // a line a check, a sentence, the next step
 */
export function renderText(report: SmokeReport): string {
  const width = Math.min(44, Math.max(0, ...report.checks.map(({ name }) => name.length)));
  const lines = report.checks.flatMap((check) => checkLines(check, width));
  return [...lines, `${report.sentence} (${durationText(report.ms)})`, `Next: ${report.next}`, ""].join("\n");
}

function checkLines(check: CheckReport, width: number): string[] {
  const verdict = check.verdict !== "pass" && check.optional ? "warn" : check.verdict;
  const time = `${check.ms} ms`.padStart(8);
  const head = `${verdict.padEnd(12)} ${time}  ${check.name.padEnd(width)}  ${check.message}`.trimEnd();
  const [first] = check.failures;
  if (!check.retried || first === undefined) return [head];
  const waited = durationText(check.totalMs);
  return [
    head,
    `${" ".repeat(23)}passed at attempt ${check.attempts}, after ${waited}; at first: ${first.message}`,
  ];
}

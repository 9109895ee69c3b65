import type { CheckReport, SmokeReport } from "../engine/report.ts";

/**
 * The report as TAP version 14. An optional check that did not pass is `TODO`, which TAP shows and does
 * not count as a failure; a run that checked nothing bails out.
 */
export function renderTap(report: SmokeReport): string {
  if (report.checks.length === 0) return `TAP version 14\nBail out! ${oneLine(report.sentence)}\n`;
  const points = report.checks.flatMap((check, at) => testPoint(check, at + 1));
  return [
    "TAP version 14",
    `1..${report.checks.length}`,
    ...points,
    `# ${oneLine(report.sentence)}`,
    "",
  ].join("\n");
}

function testPoint(check: CheckReport, number: number): string[] {
  const ok = check.verdict === "pass";
  const directive = !ok && check.optional ? ` # TODO optional, ${check.verdict}` : "";
  const line = `${ok ? "ok" : "not ok"} ${number} - ${oneLine(check.name)}${directive}`;
  if (ok && !check.retried) return [line];
  const details = {
    verdict: check.verdict,
    ...(check.failure === undefined ? {} : { failure: check.failure }),
    message: check.message,
    attempts: check.attempts,
    duration_ms: check.totalMs,
  };
  // JSON texts and numbers are YAML too.
  const lines = Object.entries(details).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return [line, "  ---", ...lines, "  ..."];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("#", "\\#");
}

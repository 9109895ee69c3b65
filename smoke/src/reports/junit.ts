import type { CheckReport, SmokeReport } from "../engine/report.ts";

/**
 * The report as JUnit XML. An optional check that did not pass is `skipped` with its message: the format
 * has no other way to show it without failing the whole.
 */
export function renderJunit(report: SmokeReport): string {
  const { counts, checks } = report;
  const errors = checks.filter(({ optional, verdict }) => !optional && verdict === "error").length;
  const name = attribute(`smoke ${report.suite}`);
  const totals = `tests="${Math.max(1, counts.checks)}" failures="${counts.failed - errors}" errors="${
    checks.length === 0 ? 1 : errors
  }" skipped="${counts.warned}" time="${seconds(report.ms)}"`;
  // A run that checked nothing must not look like an empty success.
  const cases =
    checks.length === 0 ? [emptyCase(report)] : checks.map((check) => testCase(check, report.suite));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${name}" ${totals} timestamp="${report.startedAt}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(check: CheckReport, suite: string): string {
  const head = `    <testcase classname="${attribute(`${suite}.${check.kind}`)}" name="${attribute(check.name)}" time="${seconds(check.totalMs)}"`;
  if (check.verdict === "pass") {
    if (!check.retried) return `${head}/>`;
    const first = check.failures[0];
    const note = `passed at attempt ${check.attempts}; at first: ${first?.message ?? ""}`;
    return `${head}>\n      <system-out>${content(note)}</system-out>\n    </testcase>`;
  }
  const message = attribute(check.message);
  if (check.optional)
    return `${head}>\n      <skipped message="optional, ${check.verdict}: ${message}"/>\n    </testcase>`;
  const tag = check.verdict === "error" ? "error" : "failure";
  const lines = check.findings
    .filter(({ ok }) => !ok)
    .map(({ what, expected, seen }) => `${what}\n  expected: ${expected}\n  seen:     ${seen}`);
  const body = content(lines.join("\n") || check.message);
  return `${head}>\n      <${tag} type="${attribute(check.failure ?? check.verdict)}" message="${message}">${body}</${tag}>\n    </testcase>`;
}

function emptyCase({ suite, sentence }: SmokeReport): string {
  const name = attribute(suite);
  return `    <testcase classname="${name}" name="${name}" time="0">\n      <error type="configuration" message="${attribute(sentence)}"/>\n    </testcase>`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function attribute(text: string): string {
  return content(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;");
}

function content(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them.
  const printable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
  return printable.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

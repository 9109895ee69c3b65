import type { SmokeReport } from "../engine/report.ts";

/** The report as metrics in Prometheus' text format, for a push gateway or a textfile collector. */
export function renderPrometheus(report: SmokeReport): string {
  const run = {
    suite: report.suite,
    release: report.expected.release ?? "",
    environment: report.expected.environment ?? "",
  };
  const each = report.checks.map((check) => ({
    check,
    labels: { ...run, check: check.name, kind: check.kind },
  }));
  return [
    ...gauge("slipway_smoke_pass", "1 when the run passed.", [[run, report.verdict === "pass" ? 1 : 0]]),
    ...gauge("slipway_smoke_duration_seconds", "How long the run took.", [[run, report.ms / 1_000]]),
    ...gauge("slipway_smoke_finished_timestamp_seconds", "When the run ended.", [
      [run, Date.parse(report.finishedAt) / 1_000],
    ]),
    ...gauge(
      "slipway_smoke_check_pass",
      "1 when the check passed.",
      each.map(({ check, labels }) => [
        { ...labels, optional: String(check.optional) },
        check.verdict === "pass" ? 1 : 0,
      ]),
    ),
    ...gauge(
      "slipway_smoke_check_duration_seconds",
      "How long the check's last attempt took.",
      each.map(({ check, labels }) => [labels, check.ms / 1_000]),
    ),
    ...gauge(
      "slipway_smoke_check_attempts",
      "How often the check was tried.",
      each.map(({ check, labels }) => [labels, check.attempts]),
    ),
    "",
  ].join("\n");
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

function gauge(name: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `${name}{${pairs.join(",")}} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines];
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

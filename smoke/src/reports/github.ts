import { durationText } from "../definition/duration.ts";
import type { CheckReport, SmokeReport } from "../engine/report.ts";

/** The report as Markdown, for the summary of a GitHub Actions step. */
export function renderGithubSummary(report: SmokeReport): string {
  const { release, environment } = report.expected;
  const title = [report.suite, release, environment && `on ${environment}`].filter(Boolean).join(" ");
  const rows = report.checks.map((check) => {
    const cells = [verdictText(check), check.name, `${check.ms} ms`, String(check.attempts), check.message];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return [
    `### Smoke ${cell(title)}: ${report.verdict}`,
    "",
    "| verdict | check | time | attempts | what was seen |",
    "| --- | --- | ---: | ---: | --- |",
    ...rows,
    "",
    `${cell(report.sentence)} (${durationText(report.ms)})`,
    "",
    `Next: ${cell(report.next)}`,
    "",
  ].join("\n");
}

/** Workflow commands that GitHub Actions shows beside the step: an error a failed check, a warning an optional one. */
export function renderGithubAnnotations(report: SmokeReport): string {
  const lines = report.checks.flatMap((check) => {
    if (check.verdict !== "pass") {
      const level = check.optional ? "warning" : "error";
      return [annotation(level, `smoke: ${check.name}`, `${check.verdict}: ${check.message}`)];
    }
    if (!check.retried) return [];
    const message = `passed at attempt ${check.attempts}; at first: ${check.failures[0]?.message ?? ""}`;
    return [annotation("notice", `smoke: ${check.name}`, message)];
  });
  if (report.checks.length === 0) lines.push(annotation("error", "smoke", report.sentence));
  return lines.map((line) => `${line}\n`).join("");
}

function annotation(level: string, title: string, message: string): string {
  const data = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = data(title).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} title=${property}::${data(message)}`;
}

function verdictText({ verdict, optional, retried }: CheckReport): string {
  if (verdict === "pass") return retried ? "pass, retried" : "pass";
  return optional ? `warn (${verdict})` : `**${verdict}**`;
}

/** Text that cannot leave its cell or become markup. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[&|<>`\\]/g, (one) => `&#${one.charCodeAt(0)};`);
}

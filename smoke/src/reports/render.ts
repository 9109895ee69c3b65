import type { SmokeReport } from "../engine/report.ts";
import { renderJson } from "./json.ts";
import { renderJsonLine } from "./json-line.ts";
import { renderText } from "./text.ts";

/** The forms that a finished report can take. */
export const formats = ["text", "json", "json-line", "junit", "tap", "github", "prometheus"] as const;
export type Format = (typeof formats)[number];

/**
 * Renders a report. Forms that few runs want are loaded when asked for.
 *
 * @example
 * await writeFile("smoke.xml", await render(report, "junit"));
 */
export async function render(report: SmokeReport, format: Format): Promise<string> {
  switch (format) {
    case "text":
      return renderText(report);
    case "json":
      return renderJson(report);
    case "json-line":
      return renderJsonLine(report);
    case "junit":
      return (await import("./junit.ts")).renderJunit(report);
    case "tap":
      return (await import("./tap.ts")).renderTap(report);
    case "github":
      return (await import("./github.ts")).renderGithubSummary(report);
    case "prometheus":
      return (await import("./prometheus.ts")).renderPrometheus(report);
  }
}

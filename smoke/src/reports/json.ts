import type { SmokeReport } from "../engine/report.ts";

/**
 * The whole report as indented JSON. Members are only ever added.
 *
 * @example
 * await writeFile("smoke.json", renderJson(report));
 */
export function renderJson(report: SmokeReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

import { waivedStatement } from "../read/waived-statement.ts";
import { readWaivers, waiverHolds } from "../read/waivers.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { positionAt, type SqlSource } from "../sql/source-position.ts";
import { fileRules } from "./file-rules.ts";
import type { LintFinding } from "./finding.ts";
import { fileFinding } from "./lint-migrations.ts";

/**
 * Marks the findings of squawk that a waiver allows, `-- slipway: allow squawk:<rule> until <day> because <why>`, and adds
 * those of its waivers that are over or allow what squawk did not find.
 *
 * @param sources the files that squawk was asked about.
 */
export async function waiveSquawk(
  found: readonly LintFinding[],
  sources: readonly SqlSource[],
  now: Date,
): Promise<LintFinding[]> {
  const findings = [...found];
  for (const source of sources) {
    const waivers = readWaivers(source.text).filter((waiver) => "code" in waiver);
    for (const waiver of waivers.filter(({ code }) => code.startsWith("squawk:"))) {
      const { code, until, reason, offset } = waiver;
      // What cannot be parsed has been told by our own rules.
      const statements = await parseSql(source).catch(() => []);
      const covered = waivedStatement(source.text, statements, waiver);
      const lines =
        covered === undefined
          ? null
          : [covered.start, covered.start + covered.text.length].map(
              (at) => positionAt(source.text, at).line,
            );
      const isCovered = (finding: LintFinding) =>
        finding.file === source.file &&
        finding.code === code &&
        lines !== null &&
        finding.line >= lines[0]! &&
        finding.line <= lines[1]!;
      if (!findings.some(isCovered))
        findings.push({
          ...fileFinding(fileRules.waiverUnused, source, offset),
          message: `${code} is not found here`,
        });
      else if (!waiverHolds(waiver, now))
        findings.push({
          ...fileFinding(fileRules.waiverExpired, source, offset),
          message: `the waiver of ${code} was over on ${until}`,
        });
      else
        for (const [index, finding] of findings.entries())
          if (isCovered(finding)) findings[index] = { ...finding, waiver: { until, reason } };
    }
  }
  return findings;
}

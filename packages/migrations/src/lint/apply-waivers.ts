import { closestWord } from "@slipway/kernel";
import type { ClassifiedStatement } from "../classify/classify-statements.ts";
import { waivedStatement } from "../read/waived-statement.ts";
import { readWaivers, waiverHolds } from "../read/waivers.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { fileRules } from "./file-rules.ts";
import { type LintFinding, placeFinding } from "./finding.ts";
import { rules } from "./rules.ts";

/** The waiver of a proof, which is read by who proves. */
const OTHERS = ["unproved"];

/**
 * Marks the findings that a waiver of the file allows, and adds what is wrong with the waivers: not understood, over, or
 * allowing what is not there. The rest comes back in the order of its lines.
 */
export function applyWaivers(
  source: SqlSource,
  statements: readonly ClassifiedStatement[],
  found: readonly LintFinding[],
  now: Date,
): LintFinding[] {
  const findings = [...found];
  const codes = rules.map(({ code }) => code as string);
  for (const waiver of readWaivers(source.text)) {
    const about = (rule: (typeof fileRules)[keyof typeof fileRules], message: string) => {
      const { code, name, severity, fix } = rule;
      const end = source.text.indexOf("\n", waiver.offset);
      const place = { start: waiver.offset, end: end === -1 ? source.text.length : end };
      findings.push({ code, name, severity, ...placeFinding(source, place), message, fix, waiver: null });
    };
    if ("problem" in waiver) {
      about(fileRules.waiverInvalid, waiver.problem);
      continue;
    }
    const { code, until, reason } = waiver;
    if (OTHERS.includes(code) || code.startsWith("squawk:")) continue;
    if (!codes.includes(code)) {
      const near = closestWord(code, codes);
      about(
        fileRules.waiverInvalid,
        `there is no rule ${code}${near === null ? "" : `: did you mean ${near}?`}`,
      );
      continue;
    }
    const covered = waivedStatement(
      source.text,
      statements.map(({ statement }) => statement),
      waiver,
    );
    const isCovered = (finding: LintFinding) =>
      finding.code === code && finding.startByte === covered?.startByte;
    if (covered === undefined || !findings.some(isCovered))
      about(fileRules.waiverUnused, `${code} is not found here`);
    else if (!waiverHolds(waiver, now))
      about(fileRules.waiverExpired, `the waiver of ${code} was over on ${until}`);
    else
      for (const [index, finding] of findings.entries()) {
        if (isCovered(finding)) findings[index] = { ...finding, waiver: { until, reason } };
      }
  }
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

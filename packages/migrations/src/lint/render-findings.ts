import type { LintFinding } from "./finding.ts";

/** How many findings weigh what; a waived one weighs nothing. */
export interface LintCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly waived: number;
}

/** Counts findings. */
export function countFindings(findings: readonly LintFinding[]): LintCounts {
  const open = findings.filter(({ waiver }) => waiver === null);
  const count = (severity: LintFinding["severity"]) => open.filter((one) => one.severity === severity).length;
  return {
    errors: count("error"),
    warnings: count("warning"),
    notes: count("note"),
    waived: findings.length - open.length,
  };
}

/** A finding as two lines: the place and what is the matter, then what to do. */
export function renderFinding({
  file,
  line,
  column,
  severity,
  code,
  message,
  fix,
  waiver,
}: LintFinding): string {
  const weight = waiver === null ? severity : `allowed until ${waiver.until}`;
  const second = waiver === null ? fix : waiver.reason;
  return `${file}:${line}:${column} ${weight} ${code}: ${message}\n  ${second}`;
}

/** All findings and their sum, for people. */
export function renderFindings(findings: readonly LintFinding[], files: number): string {
  const { errors, warnings, notes, waived } = countFindings(findings);
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const sum = [
    plural(errors, "error"),
    plural(warnings, "warning"),
    ...(notes > 0 ? [plural(notes, "note")] : []),
    ...(waived > 0 ? [`${waived} allowed`] : []),
  ];
  return [...findings.map(renderFinding), `${plural(files, "migration")}: ${sum.join(", ")}`].join("\n");
}

import type { LintFinding } from "./finding.ts";

/**
 * Rules of squawk that say nothing here: Slipway sets the timeouts and runs each file once in a transaction, and our own
 * rules tell the same with more knowledge of the file.
 */
const EXCLUDED = [
  "require-lock-timeout",
  "require-statement-timeout",
  "require-timeout-settings",
  "prefer-robust-stmts",
  "require-concurrent-index-creation",
];

/** The words after `squawk`: files are relative to where it is run. */
export function squawkArguments(files: readonly string[]): string[] {
  return ["--reporter", "Json", "--assume-in-transaction", "--exclude", EXCLUDED.join(","), ...files];
}

interface SquawkFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help: string | null;
  readonly rule_name: string;
}

/**
 * Reads squawk's JSON report as findings: notes, because they are a second opinion.
 *
 * @throws {SyntaxError} when it is not JSON.
 */
export function parseSquawk(report: string): LintFinding[] {
  return (JSON.parse(report) as SquawkFinding[]).map(({ file, line, column, message, help, rule_name }) => ({
    code: `squawk:${rule_name}`,
    name: rule_name,
    severity: "note",
    file,
    line: line + 1,
    column: column + 1,
    startByte: 0,
    endByte: 0,
    message: message.replace(/\.$/, ""),
    fix: help?.replace(/\.$/, "") ?? "See what squawk says about this rule",
    waiver: null,
  }));
}

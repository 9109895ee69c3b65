import type { CheckReport } from "../engine/report.ts";

/** A check that did not pass, as test runners like it: with what was expected and what was seen. */
export class SmokeAssertionError extends Error {
  override readonly name = "AssertionError";
  readonly expected: string;
  readonly actual: string;

  constructor(check: CheckReport) {
    super(`${check.verdict}: ${check.message}`);
    const bad = check.findings.filter(({ ok }) => !ok);
    this.expected = bad.map(({ what, expected }) => `${what}: ${expected}`).join("\n");
    this.actual = bad.map(({ what, seen }) => `${what}: ${seen}`).join("\n");
  }
}

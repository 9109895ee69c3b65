import type { SkippedTest, TestCounts } from "../summary-reporter.ts";

/** The sum of two runs. */
export function addCounts(left: TestCounts, right: TestCounts): TestCounts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    errors: left.errors + right.errors,
    skipped: [...left.skipped, ...right.skipped],
  };
}

/** The last line of `npm test`. Errors outside of tests count as failed ones. */
export function closingLine({ passed, failed, errors, skipped }: TestCounts): string {
  const line = `${passed} passed, ${failed + errors} failed`;
  return skipped.length === 0 ? line : `${line}, ${skipped.length} skipped`;
}

/** How the reason of a skip begins when something is missing that CI has to bring. */
export const MISSING_COMPONENT = "missing component: ";

/**
 * Skips that CI refuses: those for want of a component, because such a test proves nothing where it has to,
 * and those that give no reason.
 */
export function unacceptableSkips({ skipped }: TestCounts): SkippedTest[] {
  return skipped.filter(({ reason }) => reason === null || reason.startsWith(MISSING_COMPONENT));
}

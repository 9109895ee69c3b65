import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** A test that did not run. */
export interface SkippedTest {
  /** File and names, as in `packages/x/src/y.test.ts > a group > a test`. */
  readonly name: string;
  /** What the test gave as reason, `skip("needs root")`; null for a skip without one. */
  readonly reason: string | null;
}

/** How the tests of one run ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Failures outside any test: a file that does not load, a rejection that nobody handled. */
  readonly errors: number;
  readonly skipped: readonly SkippedTest[];
}

/** Counts tests into the file that SLIPWAY_TEST_COUNTS names, for the closing line over several runs. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const file = process.env.SLIPWAY_TEST_COUNTS;
    if (file !== undefined) writeFileSync(file, JSON.stringify(countTests(modules, unhandled.length)));
  }
}

function countTests(modules: readonly TestModule[], unhandled: number): TestCounts {
  const skipped: SkippedTest[] = [];
  let [passed, failed, errors] = [0, 0, unhandled];
  for (const module of modules) {
    errors += module.errors().length;
    for (const suite of module.children.allSuites()) errors += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") passed += 1;
      else if (result.state === "skipped") {
        skipped.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: result.note ?? null });
      }
      // A test that is still pending when the run ends was never decided.
      else failed += 1;
    }
  }
  return { passed, failed, errors, skipped };
}

import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** How the tests of one run ended. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** Failures outside any test: a file that does not load, a rejection that nobody handled. */
  errors: number;
}

/** Counts tests into the file that SLIPWAY_TEST_COUNTS names, for the closing line over several runs. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts: TestCounts = { passed: 0, failed: 0, skipped: 0, errors: unhandled.length };
    for (const module of modules) {
      counts.errors += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed" || state === "failed" || state === "skipped") counts[state] += 1;
      }
    }
    const file = process.env.SLIPWAY_TEST_COUNTS;
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  }
}

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestCounts } from "../summary-reporter.ts";
import { check } from "./ok.ts";
import { prepare } from "./prepare.ts";
import { runProgram } from "./run-program.ts";

/**
 * `npm test`: the fast tests, then the real ones, and a closing line with the sum. In CI the checks that need
 * no test run come first. No tests at all is a failure.
 */
export async function test(args: readonly string[]): Promise<number> {
  if (process.env.CI && args.length === 0) {
    const code = await check();
    if (code !== 0) return code;
  }
  await prepare();
  const folder = mkdtempSync(join(tmpdir(), "slipway-counts-"));
  const total: TestCounts = { passed: 0, failed: 0, skipped: 0, errors: 0 };
  let code = 0;
  try {
    for (const project of ["fast", "real"]) {
      const counts = join(folder, `${project}.json`);
      const reporters = ["--reporter=default", "--reporter=packages/toolchain/src/summary-reporter.ts"];
      const failed = await runProgram("vitest", ["run", "--project", project, ...reporters, ...(args.length > 0 ? ["--passWithNoTests", ...args] : [])], {
        SLIPWAY_TEST_COUNTS: counts,
      });
      add(total, JSON.parse(readFileSync(counts, "utf8")) as TestCounts);
      code ||= failed;
      if (failed !== 0) break;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // A test that was left out for want of a component proves nothing, and CI is where it has to prove it.
  const leftOut = process.env.CI && total.skipped > 0 ? total.skipped : 0;
  if (leftOut > 0) console.error(`${leftOut} tests were skipped, which CI does not accept`);
  console.log(
    `${total.passed} passed, ${total.failed + total.errors} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
  );
  return code || (total.passed === 0 || leftOut > 0 ? 1 : 0);
}

function add(total: TestCounts, counts: TestCounts): void {
  for (const key of ["passed", "failed", "skipped", "errors"] as const) total[key] += counts[key];
}

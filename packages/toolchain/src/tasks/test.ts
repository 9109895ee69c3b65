import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestCounts } from "../summary-reporter.ts";
import { check } from "./check.ts";
import { prepare } from "./prepare.ts";
import { runProgram, step } from "./run-program.ts";
import { addCounts, closingLine, unacceptableSkips } from "./test-counts.ts";

/**
 * `npm test`: the fast tests, then the real ones, and a closing line with the sum. In CI the checks that need
 * no test run come first, and the tests run whatever these say.
 *
 * @param args go to vitest: file filters, `-t NAME`.
 */
export async function test(args: readonly string[]): Promise<number> {
  const failed = process.env.CI && args.length === 0 ? await check() : [];
  return await runTests(args, failed);
}

/**
 * All tests, or those that the arguments name. None at all is a failure.
 *
 * @param failed checks that failed before, to be named again at the end.
 */
export async function runTests(args: readonly string[], failed: readonly string[] = []): Promise<number> {
  await prepare();
  const folder = mkdtempSync(join(tmpdir(), "slipway-counts-"));
  let total: TestCounts = { passed: 0, failed: 0, errors: 0, skipped: [] };
  let code = 0;
  try {
    for (const project of ["fast", "real"]) {
      const file = join(folder, `${project}.json`);
      code = (await step(`${project} tests`, () => vitest(project, file, args))) || code;
      total = addCounts(total, readCounts(file, project));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // A filter leaves tests out without a reason; then CI has nothing to say about it.
  const refused = process.env.CI && args.length === 0 ? unacceptableSkips(total) : [];
  for (const { name, reason } of total.skipped) {
    if (reason !== null) process.stderr.write(`skipped: ${name}: ${reason}\n`);
  }
  for (const { name } of refused) process.stderr.write(`not accepted in CI: ${name} was skipped\n`);
  for (const name of failed) process.stderr.write(`FAIL  ${name}, see above\n`);
  process.stdout.write(`${closingLine(total)}\n`);
  const wrong = failed.length > 0 || total.passed === 0 || total.failed + total.errors + refused.length > 0;
  return code || (wrong ? 1 : 0);
}

function vitest(project: string, counts: string, args: readonly string[]): Promise<number> {
  // A filter may fit files of one project only.
  const filter = args.length > 0 ? ["--passWithNoTests", ...args] : [];
  return runProgram(
    "vitest",
    [
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=packages/toolchain/src/summary-reporter.ts",
      ...filter,
    ],
    { SLIPWAY_TEST_COUNTS: counts },
  );
}

function readCounts(file: string, project: string): TestCounts {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as TestCounts;
  process.stderr.write(`vitest ended without a result for the ${project} tests\n`);
  return { passed: 0, failed: 0, errors: 1, skipped: [] };
}

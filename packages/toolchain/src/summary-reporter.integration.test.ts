import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestCounts } from "./summary-reporter.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-reporter-"));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function count(file: string): Promise<TestCounts> {
  const counts = join(scratch, "counts.json");
  const args = ["run", "--config", at("../testing/reporter/vitest.config.ts"), file];
  const reporter = `--reporter=${at("summary-reporter.ts")}`;
  const env = { ...process.env, SLIPWAY_TEST_COUNTS: counts };
  // Vitest itself fails in most of these; the counts are what is asked for.
  await promisify(execFile)(at("../../../node_modules/.bin/vitest"), [...args, reporter], { env }).catch(
    () => null,
  );
  return JSON.parse(readFileSync(counts, "utf8"));
}

test("tests are counted by how they ended, and skipped ones are named with their reason", async () => {
  expect(await count("endings")).toEqual({
    passed: 2,
    failed: 1,
    errors: 0,
    skipped: [
      { name: "endings.fixture.ts > is skipped without a reason", reason: null },
      {
        name: "endings.fixture.ts > is skipped with a reason",
        reason: "missing component: hello (no apt-get here)",
      },
    ],
  });
});

test("a file that does not load is an error", async () => {
  expect(await count("broken-file")).toMatchObject({ passed: 0, failed: 0, errors: 1 });
});

test("a set-up that failed is an error", async () => {
  const { passed, failed, errors } = await count("broken-setup");
  expect(passed).toBe(0);
  expect(failed + errors).toBeGreaterThan(0);
});

test("a rejection that nobody handled is an error beside the test that passed", async () => {
  expect(await count("unhandled")).toMatchObject({ passed: 1, failed: 0, errors: 1 });
});

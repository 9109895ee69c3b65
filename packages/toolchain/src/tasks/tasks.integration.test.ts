import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakePulumi } from "../../testing/fake-programs.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const bin = fileURLToPath(new URL("../../../../node_modules/.bin", import.meta.url));
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-tasks-"));
  fakePulumi(scratch, "3.259.0");
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function run(...args: string[]) {
  const env = { ...process.env, PATH: `${bin}:${scratch}:${process.env.PATH}` };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [main, ...args], { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

test("the test task runs what is asked for and closes with the sum", async () => {
  const { code, stdout, stderr } = await run("test", "packages/toolchain/src/tasks/test-counts.test.ts");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("3 passed, 0 failed");
  expect(stderr).toMatch(/^ok {4}Pulumi {2}\d+\.\d s$/m);
  expect(stderr).toMatch(/^ok {4}fast tests {2}\d+\.\d s$/m);
  expect(stderr).toMatch(/^ok {4}real tests {2}\d+\.\d s$/m);
  expect(code).toBe(0);
});

test("no test at all is a failure", async () => {
  const { code, stdout } = await run("test", "packages/toolchain/src/tasks/there-is-no-such.test.ts");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("0 passed, 0 failed");
  expect(code).toBe(1);
});

test("an unknown task is refused with the ones there are", async () => {
  const { code, stderr } = await run("tset");
  expect(stderr).toMatch(
    /^USAGE: Cannot run task "tset": the tasks are start, test, ok, bench, build, pack\n/,
  );
  expect(code).toBe(2);
});

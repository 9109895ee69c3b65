import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOnPath } from "./find-on-path.ts";

const preload = fileURLToPath(new URL("../node-preload.cjs", import.meta.url));
let scratch: string;
let program: string;
/** Loaded before the preload, it makes this Node say that it is 20, once. */
let pretend: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-preload-"));
  program = join(scratch, "program.ts");
  writeFileSync(
    program,
    `const answer: number = 42;
console.log(JSON.stringify({ answer, args: process.argv.slice(2), mark: process.env.SLIPWAY_NODE_PRELOAD ?? null }));
if (process.argv[2] === "fail") process.exitCode = 9;
if (process.argv[2] === "die") process.kill(process.pid, "SIGTERM");
setTimeout(() => {}, 200);`,
  );
  pretend = join(scratch, "pretend.cjs");
  writeFileSync(
    pretend,
    `if (!process.env.SLIPWAY_NODE_PRELOAD || process.env.ALWAYS_OLD)
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });`,
  );
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function run(node: string, args: readonly string[], env: Record<string, string> = {}) {
  try {
    const { stdout } = await promisify(execFile)(node, args, {
      cwd: scratch,
      env: { ...process.env, ...env },
    });
    return { code: 0, stdout, stderr: "" };
  } catch (error) {
    return error as { code: number | null; stdout: string; stderr: string; signal?: string };
  }
}

const old = (...args: string[]) => ["--require", pretend, "--require", preload, program, ...args];

describe("a Node that is too old", () => {
  test("runs the program again under the project's, with its arguments", async () => {
    const { code, stdout } = await run(process.execPath, old("a b", "--c"));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ answer: 42, args: ["a b", "--c"], mark: null });
  });

  test("keeps the program's exit code, and the signal that ended it", async () => {
    expect((await run(process.execPath, old("fail"))).code).toBe(9);
    expect((await run(process.execPath, old("die"))).signal).toBe("SIGTERM");
  });

  test("ends in a message when the one it finds is too old as well", async () => {
    const { code, stderr } = await run(process.execPath, old(), { ALWAYS_OLD: "1" });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^NODE_TOO_OLD: Node 20\.20\.2 cannot run Slipway, which needs 22\.18 or later\n {2}do: {3}run through npm/,
    );
  });

  test("ends in a message when there is no other", async () => {
    const alone = join(scratch, "alone");
    mkdirSync(alone);
    symlinkSync(preload, join(alone, "preload.cjs"));
    const args = [
      "--preserve-symlinks",
      "--require",
      pretend,
      "--require",
      join(alone, "preload.cjs"),
      program,
    ];
    expect((await run(process.execPath, args)).code).toBe(2);
  });

  test("of this machine does the same", async ({ skip }) => {
    const candidates = findOnPath("node", process.env.PATH ?? "");
    const versions = await Promise.all(candidates.map((node) => run(node, ["--version"])));
    const index = versions.findIndex(({ stdout }) => /^v(1\d|20|21|22\.([0-9]|1[0-7]))\./.test(stdout));
    const found = candidates[index];
    if (found === undefined) return skip("this machine has no old Node");
    const { code, stdout } = await run(found, ["--require", preload, program, "x"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ answer: 42, args: ["x"] });
  });

  test("starts the provider's launcher all the same", async ({ skip }) => {
    const launcher = fileURLToPath(new URL("../../pulumi/node", import.meta.url));
    const withoutOurs = (process.env.PATH ?? "")
      .split(delimiter)
      .filter((folder) => !folder.includes("node_modules"))
      .join(delimiter);
    skip(process.platform === "win32", "needs a POSIX shell");
    const { stdout } = await run(launcher, ["--version"], { PATH: withoutOurs });
    expect(stdout.trim()).toBe(process.version);
  });
});

test("a Node that is new enough just runs the program", async () => {
  const { stdout } = await run(process.execPath, ["--require", preload, program]);
  expect(JSON.parse(stdout)).toEqual({ answer: 42, args: [], mark: null });
});

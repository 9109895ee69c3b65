import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { runBuild } from "./run-build.ts";

const run = (script: string, more: Partial<Parameters<typeof runBuild>[0]> = {}) =>
  runBuild({
    name: "api",
    argv: ["sh", "-c", script],
    cwd: "/",
    env: { PATH: process.env.PATH ?? "" },
    timeoutMs: 10_000,
    onLine: () => undefined,
    ...more,
  });

// An ended process that nobody waited for is still listed, as a zombie.
const isAlive = (pid: number) => {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
};

test("every line of both streams is told as it comes", async () => {
  const lines: string[] = [];
  await run("echo one; echo two >&2; printf three", { onLine: (line) => lines.push(line) });
  expect(lines.sort()).toEqual(["one", "three", "two"]);
});

test("a failing build is told with its last twenty lines, and secrets in them are masked", async () => {
  const error = await caught(() => run('seq 30; echo "password=verysecret"; exit 2'));
  expect(error.code).toBe("BUILD_FAILED");
  expect(error.why?.split("\n").slice(1)).toEqual([
    ...Array.from({ length: 19 }, (_, index) => String(index + 12)),
    "password=[redacted]",
  ]);
});

test("a build that was killed or never started is a failed one", async () => {
  expect((await caught(() => run("kill -9 $$"))).why).toContain(
    "ended with signal SIGKILL and wrote nothing",
  );
  const error = await caught(() => run("", { argv: ["no-such-program"] }));
  expect(error.why).toBe('"no-such-program" does not start: spawn no-such-program ENOENT');
});

test("a build that takes too long is ended, with everything it started", async () => {
  const lines: string[] = [];
  const begun = performance.now();
  const error = await caught(() =>
    run("sleep 60 & echo $!; wait", { timeoutMs: 300, onLine: (line) => lines.push(line) }),
  );
  expect(error.why).toContain("did not end within 0.3 s");
  expect(performance.now() - begun).toBeLessThan(5_000);
  await sleep(100);
  expect(isAlive(Number(lines[0]))).toBe(false);
});

test("what a build leaves running is ended with it", async () => {
  const lines: string[] = [];
  await run("sleep 60 & echo $!", { onLine: (line) => lines.push(line) });
  await sleep(100);
  expect(isAlive(Number(lines[0]))).toBe(false);
});

test("an abort ends the build at once", async () => {
  const controller = new AbortController();
  const lines: string[] = [];
  const running = run("echo $$; sleep 60", {
    signal: controller.signal,
    onLine: (line) => {
      lines.push(line);
      controller.abort(new Error("enough"));
    },
  });
  await expect(running).rejects.toThrow("enough");
  await sleep(100);
  expect(isAlive(Number(lines[0]))).toBe(false);
  await expect(run("exit 0", { signal: controller.signal })).rejects.toThrow("enough");
});

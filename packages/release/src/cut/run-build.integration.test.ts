import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { runBuild } from "./run-build.ts";

const run = (script: string, more: Partial<Parameters<typeof runBuild>[0]> = {}) =>
  runBuild({
    name: "api",
    argv: ["sh", "-c", script],
    cwd: "/",
    env: { PATH: process.env.PATH ?? "" },
    timeoutMs: 60_000,
    onLine: () => undefined,
    ...more,
  });

// An ended process that nobody waited for is still listed, as a zombie.
const isAlive = (pid: number) => {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
};
/** A signal was sent to it, of which it dies when it gets its turn. */
const expectGone = async (pid: string | undefined) => {
  expect(pid).toMatch(/^\d+$/);
  await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
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
    run("sleep 600 & echo $!; wait", { timeoutMs: 1_500, onLine: (line) => lines.push(line) }),
  );
  expect(error.why).toContain("did not end within 1.5 s");
  expect(performance.now() - begun).toBeLessThan(60_000);
  await expectGone(lines[0]);
});

test("what a build leaves running is ended with it", async () => {
  const lines: string[] = [];
  await run("sleep 600 & echo $!", { onLine: (line) => lines.push(line) });
  await expectGone(lines[0]);
});

test("an abort ends the build at once", async () => {
  const controller = new AbortController();
  const lines: string[] = [];
  const running = run("echo $$; sleep 600", {
    signal: controller.signal,
    onLine: (line) => {
      lines.push(line);
      controller.abort(new Error("enough"));
    },
  });
  await expect(running).rejects.toThrow("enough");
  await expectGone(lines[0]);
  await expect(run("exit 0", { signal: controller.signal })).rejects.toThrow("enough");
});

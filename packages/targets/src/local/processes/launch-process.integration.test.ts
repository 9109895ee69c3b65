import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@slipway/kernel";
import { beforeEach, expect, test } from "vitest";
import { scratchFolder } from "../../../testing/scratch-folder.ts";
import { endProcess } from "./end-process.ts";
import { beginLaunch, closeLaunch, newestLaunch } from "./launch-file.ts";
import { LAUNCH_TAKEN, launchProcess } from "./launch-process.ts";
import { openLog } from "./log-file.ts";
import { isAlive } from "./process-identity.ts";
import { stopLaunch } from "./stop-launch.ts";

let folder: string;
beforeEach(() => {
  folder = scratchFolder("slipway launch's ");
});

const launch = (number: number, ...command: string[]) => {
  const log = openLog(join(folder, "log"));
  return launchProcess(
    { folder, number, command, cwd: folder, env: { PATH: "/usr/bin:/bin" }, log },
    systemClock,
  );
};

test("a process writes who it is before it becomes the program, in a session of its own", async () => {
  const number = beginLaunch(folder, 0, {}) ?? 0;
  const outcome = await launch(number, "/bin/sh", "-c", 'echo "$1"; exec sleep 600', "sh", "it's $HOME");
  if (!outcome.started) throw new Error(outcome.reason);
  expect(newestLaunch(folder)?.process).toEqual({ state: "alive", handle: outcome.handle });
  expect(() => process.kill(-outcome.handle.pid, 0)).not.toThrow();
  await expect.poll(() => readFileSync(join(folder, "log"), "utf8")).toBe("it's $HOME\n");
  await endProcess("it", outcome.handle, { graceMs: 20_000, clock: systemClock });
  expect(isAlive(outcome.handle)).toBe(false);
  await expect.poll(() => outcome.exitReason()).toBe("signal SIGTERM");
});

test("a process that comes late finds its launch closed and never becomes the program", async () => {
  const number = beginLaunch(folder, 0, {}) ?? 0;
  await closeLaunch(folder, number, systemClock);
  const outcome = await launch(number, "/bin/sh", "-c", "echo became; sleep 600");
  expect(outcome).toMatchObject({ started: false, exitCode: LAUNCH_TAKEN });
  expect(readFileSync(join(folder, "log"), "utf8")).not.toContain("became");
});

test("a launch that is stopped before its process came stays without one, and the next one begins", async () => {
  const number = beginLaunch(folder, 0, {}) ?? 0;
  expect(await stopLaunch("it", folder, { graceMs: 0, clock: systemClock })).toBe(number);
  expect(await launch(number, "/bin/sh", "-c", "sleep 600")).toMatchObject({ started: false });
  expect(beginLaunch(folder, number, {})).toBe(number + 1);
});

test("a program that ends with the code of a taken launch was started all the same", async () => {
  const outcome = await launch(beginLaunch(folder, 0, {}) ?? 0, "/bin/sh", "-c", `exit ${LAUNCH_TAKEN}`);
  expect(outcome.started).toBe(true);
});

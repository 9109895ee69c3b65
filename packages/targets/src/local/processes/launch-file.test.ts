import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@slipway/kernel";
import { beforeEach, describe, expect, test } from "vitest";
import { scratchFolder } from "../../../testing/scratch-folder.ts";
import {
  beginLaunch,
  closeLaunch,
  forgetLaunch,
  newestLaunch,
  parsePidFile,
  pidFile,
} from "./launch-file.ts";
import { processIdentity } from "./process-identity.ts";

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
});

const [boot, started] = (processIdentity(process.pid) ?? "").split("/");
const written = (pid: number, time: string) =>
  `${pid}\n${boot}\n${pid} (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${time} 0\n`;

describe("a launch", () => {
  test("is pending until somebody writes its pid file", () => {
    expect(beginLaunch(folder, 0, { port: 1 })).toBe(1);
    expect(newestLaunch(folder)).toEqual({ number: 1, record: { port: 1 }, process: { state: "pending" } });
  });

  test("that is closed keeps its process out", async () => {
    beginLaunch(folder, 0, {});
    expect(await closeLaunch(folder, 1, systemClock)).toEqual({ state: "closed" });
    expect(() => writeFileSync(pidFile(folder, 1), "late", { flag: "wx" })).toThrow("EEXIST");
  });

  test("whose process came first cannot be closed and says who it is", async () => {
    beginLaunch(folder, 0, {});
    writeFileSync(pidFile(folder, 1), written(process.pid, started ?? ""));
    expect(await closeLaunch(folder, 1, systemClock)).toMatchObject({
      state: "alive",
      handle: { pid: process.pid },
    });
  });

  test("whose number belongs to another process today is dead", () => {
    beginLaunch(folder, 0, {});
    writeFileSync(pidFile(folder, 1), written(process.pid, "1"));
    expect(newestLaunch(folder)?.process.state).toBe("dead");
  });

  test("that was stopped has no record, and the next one has another number", () => {
    beginLaunch(folder, 0, {});
    writeFileSync(pidFile(folder, 1), "closed\n");
    forgetLaunch(folder, 1);
    expect(newestLaunch(folder)).toMatchObject({ number: 1, record: null });
    expect(beginLaunch(folder, 1, {})).toBe(2);
  });

  test("keeps the closed pid files of earlier ones, for their processes may still come", () => {
    for (const [over, pid] of ["closed\n", written(process.pid, "1"), "closed\n"].entries()) {
      writeFileSync(pidFile(folder, beginLaunch(folder, over, {}) ?? 0), pid);
    }
    beginLaunch(folder, 3, {});
    expect(readdirSync(folder).sort()).toEqual(["1.pid", "3.pid", "4.json"]);
  });

  test("is not begun when somebody else began it in the meantime", () => {
    expect(beginLaunch(folder, 0, { by: "one" })).toBe(1);
    expect(beginLaunch(folder, 0, { by: "other" })).toBeNull();
    expect(newestLaunch(folder)?.record).toEqual({ by: "one" });
  });

  test("whose record was cut off by a kill counts, with nothing known of it", () => {
    writeFileSync(join(folder, "1.json"), '{"port": 2');
    expect(newestLaunch(folder)).toMatchObject({ number: 1, record: {}, process: { state: "pending" } });
  });

  test("whose pid file stays empty is closed in the end", async () => {
    beginLaunch(folder, 0, {});
    writeFileSync(pidFile(folder, 1), "");
    let now = 0;
    const sleep = async (ms: number) => {
      now += ms;
    };
    const clock = { now: () => now, sleep };
    expect(await closeLaunch(folder, 1, clock)).toEqual({ state: "closed" });
    expect(now).toBeGreaterThan(1000);
  });
});

test("a folder in which nothing was launched has no launch", () => {
  expect(newestLaunch(folder)).toBeNull();
  expect(newestLaunch(join(folder, "absent"))).toBeNull();
});

test("half a pid file says nothing", () => {
  const whole = written(4711, "99");
  expect(parsePidFile(whole)).toEqual({ pid: 4711, identity: `${boot}/99` });
  for (let end = 0; end < whole.length; end++) expect(parsePidFile(whole.slice(0, end))).toBeNull();
  const bySystemWithoutProc = parsePidFile("4711\nps\nMon Jan  5 10:00:00 2026\n");
  expect(bySystemWithoutProc).toEqual({ pid: 4711, identity: "ps/Mon Jan 5 10:00:00 2026" });
});

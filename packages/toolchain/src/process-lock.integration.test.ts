import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processStart, withProcessLock } from "../plain/process-lock.mjs";

const holder = fileURLToPath(new URL("../testing/lock-holder.mjs", import.meta.url));
const purpose = "tests the lock";
let scratch: string;
let folder: string;
let log: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "slipway-lock-"));
  folder = join(scratch, "lock");
  log = join(scratch, "log");
  writeFileSync(log, "");
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const start = (turns: number, ms: number): ChildProcess =>
  spawn(process.execPath, [holder, folder, log, String(turns), String(ms)], { stdio: "ignore" });

const lines = () => readFileSync(log, "utf8").trim().split("\n");

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !condition(); await sleep(10)) {
    if (performance.now() > end) throw new Error("waited 30 s in vain");
  }
}

test("many processes have the lock one after the other", async () => {
  const children = Array.from({ length: 6 }, () => start(5, 5));
  await Promise.all(children.map((child) => once(child, "close")));
  const seen = lines();
  expect(seen).toHaveLength(2 * 6 * 5);
  for (let at = 0; at < seen.length; at += 2) {
    expect(seen[at]?.replace("in", "out")).toBe(seen[at + 1]);
  }
  // One turn is left, so that its number is not given again.
  expect(readdirSync(folder)).toEqual([String(6 * 5)]);
});

test("a killed owner's lock is taken over by exactly one of those who wait", async () => {
  const dead = start(1, 60_000);
  await until(() => lines()[0] !== "");
  const waiting = Array.from({ length: 4 }, () => start(1, 50));
  await sleep(300);
  expect(lines()).toHaveLength(1);
  dead.kill("SIGKILL");
  await Promise.all(waiting.map((child) => once(child, "close")));
  const seen = lines().slice(1);
  expect(seen).toHaveLength(8);
  for (let at = 0; at < seen.length; at += 2) expect(seen[at]?.replace("in", "out")).toBe(seen[at + 1]);
});

test("who waits is told for whom, once, and may give up", async () => {
  const owner = start(1, 60_000);
  try {
    await until(() => lines()[0] !== "");
    const told: unknown[] = [];
    const abort = new AbortController();
    const waiting = withProcessLock(
      folder,
      {
        purpose,
        onWait({ pid, purpose }) {
          told.push({ pid, purpose });
          // Time for a few more looks, of which nobody is to be told.
          setTimeout(() => abort.abort(new Error("enough")), 700);
        },
        signal: abort.signal,
      },
      () => "never",
    );
    await expect(waiting).rejects.toThrow();
    expect(told).toEqual([{ pid: owner.pid, purpose }]);
  } finally {
    owner.kill("SIGKILL");
  }
});

test("a pid that is another process by now owns nothing", async () => {
  await withProcessLock(folder, { purpose }, () => undefined);
  const [turn = ""] = readdirSync(folder);
  const file = join(folder, turn, "owner.json");
  const owner = JSON.parse(readFileSync(file, "utf8"));
  rmSync(join(folder, turn, "ended"));
  // As it is, this process is the owner, and alive.
  const abort = AbortSignal.timeout(400);
  await expect(withProcessLock(folder, { purpose, signal: abort }, () => "taken")).rejects.toThrow();
  writeFileSync(file, JSON.stringify({ ...owner, start: "another boot/1" }));
  await expect(withProcessLock(folder, { purpose }, () => "taken")).resolves.toBe("taken");
});

test("an owner on another machine is waited for: its pid says nothing here", async () => {
  mkdirSync(join(folder, "1"), { recursive: true });
  const owner = { id: "x", pid: 2 ** 22 + 1, start: "0", place: "elsewhere", purpose, since: "" };
  writeFileSync(join(folder, "1", "owner.json"), JSON.stringify(owner));
  const signal = AbortSignal.timeout(400);
  await expect(withProcessLock(folder, { purpose, signal }, () => "taken")).rejects.toThrow();
});

test("the lock is free again after work that failed", async () => {
  const failing = withProcessLock(folder, { purpose }, () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  await expect(withProcessLock(folder, { purpose }, () => "taken")).resolves.toBe("taken");
});

test("a process has one start while it lives, and none after", async () => {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
  const pid = child.pid ?? 0;
  expect(processStart(pid)).toBe(processStart(pid));
  expect(processStart(pid)).not.toBeNull();
  expect(processStart(pid)).not.toBe(processStart(process.pid));
  child.kill("SIGKILL");
  await once(child, "close");
  expect(processStart(pid)).toBeNull();
  expect(existsSync(folder)).toBe(false);
});

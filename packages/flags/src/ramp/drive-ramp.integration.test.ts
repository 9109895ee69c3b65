import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { systemClock } from "@slipway/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { declared, type ScratchStore, scratchStore, verifiedAudit } from "../../testing/scratch-store.ts";
import { killFlag } from "../store/kill-flag.ts";
import { readFlags } from "../store/read-flags.ts";
import { setFlag } from "../store/set-flag.ts";
import { driveRamp } from "./drive-ramp.ts";
import type { MetricQuery } from "./metric-query.ts";
import { leaveRamp, moveRamp, type RampView, readRamp, startRamp, takeRamp } from "./ramp-store.ts";

let store: ScratchStore;
beforeAll(async () => {
  store = await scratchStore();
});
afterAll(() => store.remove());

const driver = { owner: "ann", pid: 1, host: "here", processStart: "now" };
const metricOf = (...values: (number | null | Error)[]): MetricQuery & { readonly asked: number[] } => {
  const asked: number[] = [];
  return {
    name: "errors",
    asked,
    async read({ percent }) {
      asked.push(percent);
      const value = values[Math.min(asked.length, values.length) - 1];
      if (value instanceof Error) throw value;
      return value ?? null;
    },
  };
};

async function started(key: string, soakMs = 1, metric: string | null = "errors"): Promise<RampView> {
  const { state } = await declared(store.db, key, { initial: { enabled: false, rollout: 0 } });
  return await startRamp(store.db, {
    actor: "ann",
    reason: "first customers",
    key,
    steps: [10, 50, 100].map((percent) => ({ percent, soakMs })),
    metric,
    max: metric === null ? null : 0.01,
    expectedVersion: state.version,
    driver,
    deadToken: null,
  });
}

const drive = (ramp: RampView, metric: MetricQuery | null, onMove?: (ramp: RampView) => void) =>
  driveRamp(store.db, ramp, {
    actor: "ann",
    metric,
    clock: systemClock,
    signal: new AbortController().signal,
    ...(onMove && { onMove }),
  });
const stateOf = async (key: string) => (await readFlags(store.db, key))[0]?.state;
const eventsOf = async (key: string) =>
  (await verifiedAudit(store.db)).filter(({ subject }) => subject === key).map(({ kind }) => kind);

test("a ramp goes 10, 50, 100, asks after each step, and the audit has every move", async () => {
  const metric = metricOf(0.001);
  expect(await drive(await started("whole"), metric)).toMatchObject({ status: "done", step: 2 });
  expect(metric.asked).toEqual([10, 50, 100]);
  expect(await stateOf("whole")).toMatchObject({ enabled: true, rollout: 100 });
  expect(await eventsOf("whole")).toEqual([
    "flag.declared",
    "flag.ramp-started",
    "flag.changed",
    "flag.changed",
    "flag.changed",
    "flag.ramp-done",
  ]);
});

test("a step that fails goes back to what was before the ramp", async () => {
  const ended = await drive(await started("bad"), metricOf(0.001, 0.5));
  expect(ended).toMatchObject({ status: "rolled-back", step: 1, why: "the metric is 0.5, more than 0.01" });
  expect(await stateOf("bad")).toMatchObject({ enabled: false, rollout: 0 });
});

test.each([
  ["no value", null, "no-data: the metric has no value"],
  ["NaN", Number.NaN, "no-data: the metric has no value"],
  ["a failing query", new Error("refused"), "error: refused, 3 times in a row"],
])("%s holds the share; resumed, the step is judged again", async (title, value, why) => {
  const key = `held-${title.replaceAll(" ", "-")}`;
  const ramp = await started(key);
  expect(await drive(ramp, metricOf(0.001, value))).toMatchObject({ status: "held", step: 1, why });
  expect(await stateOf(key)).toMatchObject({ enabled: true, rollout: 50 });
  await leaveRamp(store.db, ramp);
  const again = await takeRamp(store.db, { actor: "bob", key, driver, deadToken: null });
  if (again === null) throw new Error("a held ramp can be resumed");
  expect(await drive(again, metricOf(0))).toMatchObject({ status: "done" });
});

test("a query that fails twice in a row is asked again, which is told; only what it says in the end counts", async () => {
  const ramp = await started("shaky", 20);
  const metric = metricOf(new Error("refused"), 0.001, new Error("refused"), new Error("away"), 0.5);
  const told: unknown[] = [];
  const ended = await driveRamp(store.db, ramp, {
    actor: "ann",
    metric,
    clock: systemClock,
    signal: new AbortController().signal,
    onRetry: (failure) => told.push(failure),
  });
  expect(metric.asked).toEqual([10, 10, 50, 50, 50]);
  expect(told).toEqual([
    { why: "refused", failures: 1, againMs: 2 },
    { why: "refused", failures: 1, againMs: 2 },
    { why: "away", failures: 2, againMs: 2 },
  ]);
  expect(ended).toMatchObject({ status: "rolled-back", why: "the metric is 0.5, more than 0.01" });
  expect(await stateOf("shaky")).toMatchObject({ enabled: false, rollout: 0 });
});

test("a kill while a failed query waits to be asked again stops the ramp, and nothing is asked any more", async () => {
  const ramp = await started("shaky-killed", 100);
  const metric = metricOf(new Error("refused"));
  let kill: Promise<unknown> | undefined;
  const ended = await driveRamp(store.db, ramp, {
    actor: "ann",
    metric,
    clock: {
      // Its time never comes, and nothing goes on before the kill is written.
      now: () => 0,
      sleep: async (ms, signal) => {
        await kill;
        await systemClock.sleep(ms, signal);
      },
    },
    signal: new AbortController().signal,
    onRetry: () => {
      kill ??= killFlag(store.db, { actor: "eve", key: "shaky-killed" });
    },
  });
  expect(ended).toMatchObject({ status: "stopped", why: "the flag was killed" });
  expect(metric.asked).toEqual([10]);
});

test("a kill in the middle of a step stops the ramp, and no move of it turns the flag on again", async () => {
  const ramp = await started("killed", 60_000);
  let kill: Promise<unknown> | undefined;
  const driven = drive(ramp, metricOf(0), () => {
    kill ??= killFlag(store.db, { actor: "eve", key: "killed" });
  });
  expect(await driven).toMatchObject({ status: "stopped", why: "the flag was killed" });
  await kill;
  expect(await stateOf("killed")).toMatchObject({ killed: true });
});

test("a move that was decided before the kill was seen stops the ramp all the same", async () => {
  const ramp = await started("late");
  await killFlag(store.db, { actor: "eve", key: "late" });
  const moved = await moveRamp(store.db, ramp, "ann", { move: "step", step: 0, percent: 10, why: "begin" });
  expect(moved).toMatchObject({ status: "stopped", step: -1 });
  expect(await stateOf("late")).toMatchObject({ killed: true, rollout: 0, enabled: false });
});

test("a change by hand ends the ramp and is left as it is", async () => {
  const ramp = await started("by-hand", 60_000);
  const change = { enabled: true, rollout: 3 };
  let byHand: Promise<unknown> | undefined;
  const driven = drive(ramp, metricOf(0), ({ flagVersion }) => {
    byHand ??= setFlag(store.db, { actor: "eve", key: "by-hand", change, expectedVersion: flagVersion });
  });
  expect(await driven).toMatchObject({ status: "stopped" });
  await byHand;
  expect(await stateOf("by-hand")).toMatchObject(change);
});

test("one driver: another is refused, one of a dead driver's takes over, and the old one's moves are refused", async () => {
  const ramp = await started("one", 60_000);
  const take = (deadToken: number | null) =>
    takeRamp(store.db, { actor: "bob", key: "one", driver: { ...driver, owner: "bob" }, deadToken });
  await expect(take(null)).rejects.toMatchObject({
    code: "LEASE_HELD",
    why: expect.stringMatching(/^ann drives it/),
  });
  await expect(take(ramp.token - 1)).rejects.toMatchObject({ code: "LEASE_HELD" });
  expect(await take(ramp.token)).toMatchObject({ token: ramp.token + 1, driver: { owner: "bob" } });
  await expect(
    moveRamp(store.db, ramp, "ann", { move: "step", step: 0, percent: 10, why: "begin" }),
  ).rejects.toMatchObject({ code: "LEASE_LOST", why: "bob took it over" });
  expect(await stateOf("one")).toMatchObject({ enabled: false, rollout: 0 });
});

test("killed with kill -9 between two steps, it goes on from there, and makes no step twice", async () => {
  await declared(store.db, "crash", { initial: { enabled: false, rollout: 0 } });
  const main = fileURLToPath(new URL("../../testing/ramp-main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, store.url, "crash", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "close");
  const left = await readRamp(store.db, "crash");
  expect(left).toMatchObject({ status: "running", driven: true, driver: { owner: "bob" } });
  const ramp = await takeRamp(store.db, {
    actor: "ann",
    key: "crash",
    driver,
    deadToken: left?.token ?? null,
  });
  if (ramp === null) throw new Error("a ramp that is under way can be taken over");
  expect(await drive(ramp, null)).toMatchObject({ status: "done" });
  const percents = (await verifiedAudit(store.db))
    .filter(({ subject, kind }) => subject === "crash" && kind === "flag.changed")
    .map(({ data }) => (data as { after: { rollout: number } }).after.rollout);
  expect(percents).toEqual([10, 50, 100]);
});

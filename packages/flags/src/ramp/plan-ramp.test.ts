import { expect, test } from "vitest";
import { judgeMetric } from "./judge-metric.ts";
import { planRamp, type RampInput } from "./plan-ramp.ts";
import type { Ramp } from "./ramp.ts";

const steps = [10, 50, 100].map((percent) => ({ percent, soakMs: 1000 }));
const ramp: Ramp = { steps, from: 0, step: 0, steppedAt: 5000, status: "running", flagVersion: 3 };
const flag = { killed: false, archived: false, version: 3 };
const plan = (changes: Partial<RampInput> = {}) =>
  planRamp({ ramp, flag, now: 6000, verdict: null, ...changes });
const pass = judgeMetric(0.001, 0.01);

test("a ramp begins with its first step, waits out each soak, asks, and advances on a pass only", () => {
  expect(plan({ ramp: { ...ramp, step: -1 } })).toMatchObject({ move: "step", step: 0, percent: 10 });
  expect(plan({ now: 5400 })).toEqual({ move: "wait", ms: 600 });
  expect(plan()).toEqual({ move: "judge" });
  expect(plan({ verdict: pass })).toMatchObject({ move: "step", step: 1, percent: 50 });
  expect(plan({ ramp: { ...ramp, step: 2 }, verdict: pass })).toMatchObject({ move: "finish" });
});

test.each<[string, number | null, string]>([
  ["no value", null, "hold"],
  ["NaN", Number.NaN, "hold"],
  ["an infinite value", Number.POSITIVE_INFINITY, "hold"],
  ["a value above the limit", 0.02, "roll-back"],
  ["a value at the limit", 0.01, "step"],
  ["a value below zero", -1, "step"],
])("%s gives the move %s -> %s", (_title, value, move) => {
  expect(plan({ verdict: judgeMetric(value, 0.01) }).move).toBe(move);
});

test("what concludes nothing never advances and never goes back, on any step", () => {
  for (const verdict of ["inconclusive", "no-data", "error"] as const) {
    for (const step of steps.keys()) {
      expect(plan({ ramp: { ...ramp, step }, verdict: { verdict, why: "x" } }).move).toBe("hold");
    }
  }
});

test("a failed step goes back to the share before the ramp, not to the step before", () => {
  const failed = plan({ ramp: { ...ramp, step: 2, from: 5 }, verdict: judgeMetric(1, 0.01) });
  expect(failed).toMatchObject({ move: "roll-back", percent: 5 });
});

test("a kill, an archived flag and somebody else's change end it at any moment, also against a pass", () => {
  for (const changed of [{ killed: true }, { archived: true }, { version: 4 }]) {
    for (const now of [5000, 6000]) {
      for (const status of ["running", "held"] as const) {
        const move = plan({ flag: { ...flag, ...changed }, now, verdict: pass, ramp: { ...ramp, status } });
        expect(move.move).toBe("stop");
      }
    }
  }
});

test("a ramp that has ended moves nothing, whatever is asked", () => {
  for (const status of ["done", "rolled-back", "stopped"] as const)
    expect(plan({ ramp: { ...ramp, status }, verdict: pass })).toEqual({ move: "nothing" });
});

test("a clock that went back makes the soak longer and never shorter, and one that jumped on asks at once", () => {
  expect(plan({ now: 0 })).toEqual({ move: "wait", ms: 1000 });
  expect(plan({ now: 9_000_000 })).toEqual({ move: "judge" });
});

test("a held ramp that is resumed is judged again and goes on from its step", () => {
  const held = { ...ramp, status: "held" as const, step: 1 };
  expect(plan({ ramp: held })).toEqual({ move: "judge" });
  expect(plan({ ramp: held, verdict: pass })).toMatchObject({ move: "step", step: 2, percent: 100 });
});

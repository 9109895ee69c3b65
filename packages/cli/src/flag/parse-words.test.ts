import { expect, test } from "vitest";
import { isRaise } from "./change-flag.ts";
import { durationText, parseDuration } from "./duration.ts";
import { parsePercent } from "./flag-parameters.ts";
import { parseSteps } from "./parse-steps.ts";

test("durations are a number and a unit, and are told in the largest whole unit", () => {
  expect(["250ms", "5s", "1.5m", "2h", "1d"].map(parseDuration)).toEqual([
    250, 5000, 90_000, 7_200_000, 86_400_000,
  ]);
  for (const wrong of ["", "5", "s", "-1s", "1 s", "5sec", "1e3s"])
    expect(() => parseDuration(wrong), wrong).toThrow(RangeError);
  expect([250, 5000, 90_000, 7_200_000].map(durationText)).toEqual(["250 ms", "5 s", "90 s", "2 h"]);
});

test("the steps of a ramp ascend to 100", () => {
  expect(parseSteps("10, 50,100")).toEqual([10, 50, 100]);
  for (const wrong of ["", "10,50", "50,10,100", "10,10,100", "0,100", "10.5,100", "10,,100", "200"])
    expect(() => parseSteps(wrong), wrong).toThrow(RangeError);
});

test("a percentage is a whole number from 0 to 100", () => {
  expect(["0", "7", "100"].map(parsePercent)).toEqual([0, 7, 100]);
  for (const wrong of ["", " ", "-1", "101", "1.5", "ten"])
    expect(() => parsePercent(wrong)).toThrow(RangeError);
});

test("a raise is whatever gives somebody the flag who does not have it now", () => {
  const state = { enabled: true, killed: false, rollout: 50, rules: [] } as unknown as Parameters<
    typeof isRaise
  >[0]["state"];
  const raises = (changes: object, wanted: { enabled: boolean; rollout: number }) =>
    isRaise({ state: { ...state, ...changes } }, wanted);
  expect(raises({}, { enabled: true, rollout: 51 })).toBe(true);
  expect(raises({}, { enabled: true, rollout: 50 })).toBe(false);
  expect(raises({}, { enabled: true, rollout: 10 })).toBe(false);
  expect(raises({ enabled: false }, { enabled: true, rollout: 10 })).toBe(true);
  expect(raises({ killed: true }, { enabled: true, rollout: 10 })).toBe(true);
  expect(raises({ enabled: false }, { enabled: true, rollout: 0 })).toBe(false);
  expect(raises({ enabled: false, rules: [{ userIds: ["1"] }] }, { enabled: true, rollout: 0 })).toBe(true);
  expect(raises({}, { enabled: false, rollout: 100 })).toBe(false);
});

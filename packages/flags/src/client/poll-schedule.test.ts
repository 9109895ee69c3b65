import { expect, test } from "vitest";
import { nextPollMs } from "./poll-schedule.ts";

const schedule = { pollMs: 1_000, backoffCapMs: 5_000 };

test("while the store answers, the interval is a second, give or take a tenth", () => {
  expect(nextPollMs(schedule, 0, 0)).toBe(900);
  expect(nextPollMs(schedule, 0, 1)).toBe(1_100);
});

test("after failures the wait is anything up to a bound that doubles and stops at 5 s, and never nothing", () => {
  expect([1, 2, 3, 10, 1_000_000].map((failures) => nextPollMs(schedule, failures, 1))).toEqual([
    2_000, 4_000, 5_000, 5_000, 5_000,
  ]);
  for (const failures of [1, 2, 1_000]) expect(nextPollMs(schedule, failures, 0)).toBe(50);
});

import { describe, expect, test } from "vitest";
import type { RetryPlan } from "./planned-check.ts";
import { retryAfterMs, retryDelayMs } from "./retry-delay.ts";

const plan: RetryPlan = {
  on: new Set(),
  limit: 9,
  forMs: 9,
  everyMs: 250,
  backoff: "constant",
  maxMs: 2_000,
  jitter: 0.1,
};

describe("the pause before the next attempt", () => {
  test("is always the same when it is constant, and chance only shortens it", () => {
    expect([1, 5, 50].map((attempt) => retryDelayMs(plan, attempt, () => 0))).toEqual([250, 250, 250]);
    expect(retryDelayMs(plan, 1, () => 0.999)).toBeGreaterThanOrEqual(225);
  });

  test("doubles up to its cap when it is exponential", () => {
    const delays = [1, 2, 3, 4, 5, 60].map((attempt) =>
      retryDelayMs({ ...plan, backoff: "exponential" }, attempt, () => 0),
    );
    expect(delays).toEqual([250, 500, 1_000, 2_000, 2_000, 2_000]);
  });

  test("is never shorter than what was asked for", () => {
    expect(retryDelayMs(plan, 1, () => 0.5, 3_000)).toBe(3_000);
  });
});

test("Retry-After is seconds or a date", () => {
  const now = Date.UTC(2026, 0, 1);
  expect(retryAfterMs("2", now)).toBe(2_000);
  expect(retryAfterMs("Thu, 01 Jan 2026 00:00:05 GMT", now)).toBe(5_000);
  expect(retryAfterMs("Thu, 01 Jan 2015 00:00:05 GMT", now)).toBe(0);
  expect(retryAfterMs("soon", now)).toBeUndefined();
  expect(retryAfterMs(undefined, now)).toBeUndefined();
});

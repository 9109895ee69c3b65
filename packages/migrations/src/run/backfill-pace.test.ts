import { expect, test } from "vitest";
import { backfillPace } from "./backfill-pace.ts";

test("a chunk that kept others waiting is followed by a pause and by smaller ones, which grow back", () => {
  const pace = backfillPace({ chunk: 1_000, rate: null });
  expect(pace.after({ rows: 1_000, tookMs: 400, waiters: 0 })).toEqual({ pauseMs: 0, note: null });
  expect(pace.after({ rows: 1_000, tookMs: 400, waiters: 2 })).toEqual({
    pauseMs: 400,
    note: "2 sessions wait for locks that it holds; chunks of 500 rows now",
  });
  expect(pace.after({ rows: 500, tookMs: 5_000, waiters: 1 })).toMatchObject({ pauseMs: 1_000 });
  expect(pace.size).toBe(250);
  // Whoever waits for a moment is not slowed down.
  pace.after({ rows: 250, tookMs: 20, waiters: 1 });
  expect(pace.size).toBe(313);
  for (let chunk = 0; chunk < 10; chunk++) pace.after({ rows: 250, tookMs: 200, waiters: 0 });
  expect(pace.size).toBe(1_000);
});

test("a chunk never has less than one row", () => {
  const pace = backfillPace({ chunk: 2, rate: null });
  for (let chunk = 0; chunk < 3; chunk++) pace.after({ rows: 1, tookMs: 900, waiters: 1 });
  expect(pace.size).toBe(1);
});

test("a rate bounds the rows of a second, whatever a chunk takes", () => {
  const pace = backfillPace({ chunk: 1_000, rate: 200 });
  expect(pace.size).toBe(200);
  expect(pace.after({ rows: 200, tookMs: 300, waiters: 0 }).pauseMs).toBe(700);
  expect(pace.after({ rows: 200, tookMs: 1_300, waiters: 0 }).pauseMs).toBe(0);
  expect(pace.after({ rows: 200, tookMs: 300, waiters: 1 }).pauseMs).toBe(700);
});

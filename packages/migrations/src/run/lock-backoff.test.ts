import { expect, test } from "vitest";
import { lockBackoff } from "./lock-backoff.ts";

test("waits grow, differ by chance, and end with the time for all tries", async () => {
  const waits: number[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      waits.push(ms);
      now += ms;
    },
  };
  const backoff = lockBackoff({ clock, random: () => 0, deadlineMs: 20_000 });
  while (!backoff.over()) await backoff.wait();
  expect(waits).toEqual([50, 100, 200, 400, 800, 1600, 2500, 2500, 2500, 2500, 2500, 2500, 1850]);
  const latest = lockBackoff({ clock, random: () => 0.999, deadlineMs: 20_000 });
  await latest.wait();
  expect(waits.at(-1)).toBeCloseTo(100, 0);
});

test("a wait ends with its signal", async () => {
  const clock = {
    now: () => 0,
    sleep: async (_ms: number, signal?: AbortSignal) => signal?.throwIfAborted(),
  };
  const backoff = lockBackoff({ clock, random: () => 0, deadlineMs: 1000 });
  await expect(backoff.wait(AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
});

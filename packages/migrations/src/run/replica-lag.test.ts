import { expect, test } from "vitest";
import { type ReplicaLag, untilReplicasFollow } from "./replica-lag.ts";

const clock = { now: () => 0, sleep: async () => undefined };

test("a replica that is behind in time or in bytes is waited for, and each look is told", async () => {
  const lags: ReplicaLag[] = [
    { ms: 20_000, bytes: 0 },
    { ms: 0, bytes: 300 * 1_048_576 },
    { ms: 10_000, bytes: 5 },
  ];
  const told: string[] = [];
  await untilReplicasFollow(async () => lags.shift()!, {
    clock,
    longestMs: 10_000,
    onWait: (text) => told.push(text),
  });
  expect(lags).toEqual([]);
  expect(told).toEqual(["a replica is 20 s and 0 MB behind", "a replica is 0 s and 300 MB behind"]);
});

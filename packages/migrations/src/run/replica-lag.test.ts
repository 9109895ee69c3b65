import type { Database } from "@slipway/ledger";
import { expect, test } from "vitest";
import { type ReplicaLag, replicaLag, untilReplicasFollow } from "./replica-lag.ts";

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

test("a replica that stands still is behind by the time since the log was where it is not yet", async () => {
  const looks = [
    { ms: 20, lsn: 100, replayed: 100 },
    { ms: 20, lsn: 200, replayed: 100 },
    { ms: 20, lsn: 300, replayed: 100 },
    { ms: 20, lsn: 300, replayed: 250 },
    { ms: 20, lsn: 300, replayed: 300 },
    { ms: 0, lsn: 400, replayed: null },
  ];
  let now = 0;
  const db = { query: async () => [looks.shift()] } as unknown as Database;
  const lag = replicaLag(db, { now: () => (now += 1_000) });
  const told: number[] = [];
  while (looks.length > 0) told.push((await lag()).ms);
  expect(told).toEqual([20, 20, 1_000, 1_000, 20, 0]);
});

import type { LedgerSnapshot } from "@slipway/ledger";
import { describe, expect, test } from "vitest";
import { isLockOfDeadRun, parseStackLock } from "./stack-lock.ts";

const refusal = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///srv/shop/stacks/.pulumi/locks/organization/shop/dev/6a.json: created by ana@build-7 (pid 4711) at 2026-01-05T10:00:00Z`;
const lock = { user: "ana", host: "build-7", pid: 4711, since: "2026-01-05T10:00:00Z" };

const run = (openedAt: string, outcome: "failed" | null) =>
  ({ openedAt, outcome }) as NonNullable<LedgerSnapshot["run"]>;
const lease = (live: boolean) => ({ live, host: "other", pid: 1 }) as NonNullable<LedgerSnapshot["lease"]>;
const on = (host: string, alive: boolean) => ({ host, isAlive: () => alive });

test("the holder is read from Pulumi's refusal, and from nothing else", () => {
  expect(parseStackLock(refusal)).toEqual(lock);
  expect(parseStackLock("error: created by ana@build-7 (pid 4711) at 2026-01-05T10:00:00Z")).toBeNull();
});

describe("a lock may be taken away", () => {
  test("on its own host, when its process is gone", () => {
    expect(isLockOfDeadRun(lock, { lease: null, run: null }, on("build-7", false))).toBe(true);
    expect(isLockOfDeadRun(lock, { lease: null, run: null }, on("build-7", true))).toBe(false);
  });

  test("never while a lease is held by somebody who may be alive", () => {
    expect(isLockOfDeadRun(lock, { lease: lease(true), run: null }, on("build-7", false))).toBe(false);
    expect(isLockOfDeadRun(lock, { lease: lease(false), run: null }, on("build-7", false))).toBe(true);
  });

  test("from another host, only for a run that was opened under it and never ended", () => {
    const asked = (found: LedgerSnapshot["run"]) =>
      isLockOfDeadRun(lock, { lease: null, run: found }, on("build-8", true));
    expect(asked(run("2026-01-05T10:00:02Z", null))).toBe(true);
    expect(asked(run("2026-01-05T10:00:02Z", "failed"))).toBe(false);
    expect(asked(run("2026-01-05T09:59:00Z", null))).toBe(false);
    expect(asked(null)).toBe(false);
  });
});

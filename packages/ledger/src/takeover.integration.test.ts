import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  auditOf,
  expireLease,
  hold,
  leaseRequest,
  migrationApplied,
  runRequest,
  type ScratchLedgers,
  scratchLedgers,
} from "../testing/scratch-ledger.ts";
import { appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { databaseError } from "./database-error.ts";
import { takeOverDeadLease } from "./lease.ts";
import { setFingerprints, setTraffic, setWanted, stopInstance, upsertInstance } from "./mutations.ts";
import { readLedger } from "./read-ledger.ts";
import { advanceRun, finishRun, openRun } from "./runs.ts";

let ledgers: ScratchLedgers;
let url: string;
let ann: Database;
let bob: Database;

beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());
beforeEach(async () => {
  ({ url, db: ann } = await ledgers.renew());
  bob = await ledgers.connect(url);
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const stateOf = async (promise: Promise<unknown>) => {
  const open = Symbol("open");
  return (await Promise.race([promise, pause(150).then(() => open)])) === open ? "waiting" : "settled";
};

describe("a takeover", () => {
  test("of an expired lease raises the token and is audited", async () => {
    const first = await hold(ann, "ann", { ttlMs: 1 });
    await pause(10);
    expect((await readLedger(bob)).lease).toMatchObject({ owner: "ann", live: false });
    const second = await hold(bob, "bob", { reason: "repair" });
    expect(second.token).toBe(first.token + 1);
    expect((await auditOf(bob)).at(-1)).toMatchObject({
      kind: "lease.taken-over",
      actor: "bob",
      subject: "ann",
      data: {
        reason: "repair",
        fromToken: first.token,
        token: second.token,
        fromReason: "release to 1.2.0",
        fromDead: false,
      },
    });
  });

  test("waits for the transaction that the old holder has in flight, and then shuts it out", async () => {
    const first = await hold(ann);
    await ann.script("begin");
    await ann.query("select slipway.fence($1)", [first.token]);
    await ann.query("create table made_in_flight ()");
    await expireLease(bob);
    const takeover = hold(bob, "bob");
    expect(await stateOf(takeover)).toBe("waiting");
    await ann.script("commit");
    const second = await takeover;
    expect(await bob.query("select to_regclass('made_in_flight')::text as made")).toEqual([
      { made: "made_in_flight" },
    ]);
    await expect(ann.query("select slipway.fence($1)", [first.token])).rejects.toMatchObject({
      code: "SW001",
    });
    await bob.query("select slipway.fence($1)", [second.token]);
  });

  test("gives up when that transaction does not end", async () => {
    const first = await hold(ann);
    await ann.script("begin");
    await ann.query("select slipway.fence($1)", [first.token]);
    await expireLease(bob);
    await expect(hold(bob, "bob", { waitMs: 200 })).rejects.toMatchObject({
      code: "LEASE_HELD",
      why: expect.stringContaining("still at work after 200 ms"),
    });
    await ann.script("rollback");
    expect((await hold(bob, "bob")).token).toBe(first.token + 1);
  });

  test("a live holder with a long transaction is refused at once, without waiting for it", async () => {
    const first = await hold(ann);
    await ann.script("begin");
    await ann.query("select slipway.fence($1)", [first.token]);
    // One that had waited would say that the transaction is still at work.
    await expect(hold(bob, "bob")).rejects.toMatchObject({
      code: "LEASE_HELD",
      why: expect.stringContaining("ann holds it for"),
    });
    await ann.script("commit");
  });

  test("a mutation that begins while a takeover is under way waits for it, and is refused", async () => {
    const first = await hold(ann, "ann", { ttlMs: 60_000 });
    await bob.script("begin");
    await bob.query("select slipway.acquire_lease('bob', 'x', 60000, null, null, null, $1, 60000)", [
      first.token,
    ]);
    const late = appendAudit(ann, first.token, {
      actor: "ann",
      run: null,
      kind: "late",
      subject: null,
      data: {},
    }).catch((error: unknown) => error);
    expect(await stateOf(late)).toBe("waiting");
    await bob.script("commit");
    expect(await late).toMatchObject({
      code: "LEASE_LOST",
      why: expect.stringContaining("bob took it over"),
    });
  });

  test("of a dead holder's live lease needs the token that the caller saw", async () => {
    const first = await hold(ann);
    await expect(takeOverDeadLease(bob, first.token - 1, leaseRequest("bob"))).rejects.toMatchObject({
      code: "LEASE_HELD",
    });
    const second = await takeOverDeadLease(bob, first.token, leaseRequest("bob"));
    expect(second.token).toBe(first.token + 1);
    expect((await auditOf(bob)).at(-1)).toMatchObject({ kind: "lease.taken-over", data: { fromDead: true } });
    await expect(takeOverDeadLease(ann, first.token, leaseRequest("eve"))).rejects.toMatchObject({
      code: "LEASE_HELD",
    });
  });

  test("of a dead holder by twenty at once has one winner", async () => {
    const first = await hold(ann);
    const connections = await Promise.all(Array.from({ length: 20 }, () => ledgers.connect(url)));
    const results = await Promise.allSettled(
      connections.map((db, index) => takeOverDeadLease(db, first.token, leaseRequest(`r${index}`))),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await readLedger(ann)).lease?.token).toBe(first.token + 1);
  });

  test("shuts the old holder out of every mutation, each with who has the lease now", async () => {
    const first = await hold(ann);
    const run = await openRun(ann, runRequest(first.token));
    await ann.script(migrationApplied(first.token, "1_a", run));
    const instance = {
      id: "api-1",
      service: "api",
      version: "1.2.0",
      release: "1.2.0",
      settings: "s",
      artifact: "a",
      build: "b",
      address: null,
      state: "ready",
    } as const;
    const authority = { token: first.token, run, actor: "ann" };
    await takeOverDeadLease(bob, first.token, leaseRequest("bob"));
    const before = await readLedger(bob);
    const sql = async (text: string) => {
      await ann.query(text).catch((error: unknown) => Promise.reject(databaseError(error, "x")));
    };
    const mutations: Readonly<Record<string, () => Promise<unknown>>> = {
      heartbeat: () => first.heartbeat(),
      openRun: () => openRun(ann, runRequest(first.token)),
      advanceRun: () => advanceRun(ann, { token: first.token, run, stage: "schema" }),
      finishRun: () => finishRun(ann, { token: first.token, run, outcome: "verified" }),
      setWanted: () => setWanted(ann, { ...authority, release: "9.9.9", digest: "d", attempt: 9 }),
      upsertInstance: () => upsertInstance(ann, { ...authority, instance }),
      stopInstance: () => stopInstance(ann, { ...authority, instance: "api-1" }),
      setTraffic: () => setTraffic(ann, { ...authority, rows: [] }),
      setFingerprints: () => setFingerprints(ann, { ...authority, head: "1_a", hash: "f" }),
      appendAudit: () =>
        appendAudit(ann, first.token, { actor: "ann", run, kind: "x", subject: null, data: {} }),
      migration_applied: () => sql(migrationApplied(first.token, "2_b", run)),
      migration_reverted: () =>
        sql(`select slipway.migration_reverted(${first.token}, ${run}, 'ann', '1_a')`),
    };
    for (const [name, mutate] of Object.entries(mutations)) {
      await expect(mutate(), name).rejects.toMatchObject({
        code: "LEASE_LOST",
        why: expect.stringContaining("bob took it over"),
      });
    }
    expect(await readLedger(bob)).toEqual({ ...before, lease: { ...before.lease, live: true } });
  });

  test("a holder who gives back a lease that was taken over takes it from nobody", async () => {
    const first = await hold(ann, "ann", { ttlMs: 1 });
    await pause(10);
    await hold(bob, "bob");
    await first.release();
    expect((await readLedger(bob)).lease).toMatchObject({ owner: "bob", live: true });
  });
});

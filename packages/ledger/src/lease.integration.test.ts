import { tcpProxy } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  expireLease,
  hold,
  leaseRequest,
  type ScratchLedgers,
  scratchLedgers,
} from "../testing/scratch-ledger.ts";
import type { Database } from "./database.ts";
import { acquireLease } from "./lease.ts";
import { readLedger } from "./read-ledger.ts";

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

describe("one writer at a time", () => {
  test("a live lease is refused with who holds it, for what, since when and until when", async () => {
    await hold(ann, "ann (pid 7 on runner)");
    const { lease } = await readLedger(bob);
    await expect(acquireLease(bob, leaseRequest("bob"))).rejects.toMatchObject({
      code: "LEASE_HELD",
      why: `ann (pid 7 on runner) holds it for "release to 1.2.0" since ${lease?.acquiredAt}, until ${lease?.expiresAt} unless heard again`,
    });
  });

  test("of twenty at once exactly one gets it", async () => {
    const connections = await Promise.all(Array.from({ length: 20 }, () => ledgers.connect(url)));
    const results = await Promise.allSettled(connections.map((db, index) => hold(db, `runner ${index}`)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "LEASE_HELD" });
    }
  });

  test("one given back is free at once, with the next token", async () => {
    const first = await hold(ann);
    await first.release();
    expect((await readLedger(bob)).lease).toBeNull();
    expect((await hold(bob, "bob")).token).toBe(first.token + 1);
  });

  test("taking, prolonging and giving back are one round trip each", async () => {
    const proxy = await tcpProxy(ledgers.postgres.port);
    const far = await ledgers.connect(url.replace(/:\d+\//, `:${proxy.port}/`));
    const before = proxy.roundTrips();
    const held = await hold(far);
    await held.heartbeat();
    await held.release();
    expect(proxy.roundTrips() - before).toBe(3);
    await proxy.close();
  });

  test("the lease shows process, host and times of the database", async () => {
    const held = await hold(ann, "ann", {
      pid: 4711,
      host: "runner-3",
      processStart: "12345",
      ttlMs: 30_000,
    });
    const { lease } = await readLedger(bob);
    expect(lease).toMatchObject({
      owner: "ann",
      token: held.token,
      live: true,
      pid: 4711,
      host: "runner-3",
      processStart: "12345",
    });
    expect(Date.parse(lease!.expiresAt) - Date.parse(lease!.acquiredAt)).toBe(30_000);
  });

  test("secrets in the reason are masked", async () => {
    await hold(ann, "ann", { reason: "psql postgres://ann:pa55word@db/shop" });
    expect((await readLedger(bob)).lease?.reason).toBe("psql postgres://ann:[redacted]@db/shop");
  });

  test("a time to live that is no number of milliseconds is a programmer's error", async () => {
    await expect(hold(ann, "ann", { ttlMs: 0 })).rejects.toThrow(RangeError);
    await expect(hold(ann, "ann", { ttlMs: Number.NaN })).rejects.toThrow(RangeError);
  });
});

describe("a heartbeat", () => {
  test("does not wait for the holder's own transactions", async () => {
    const held = await hold(ann);
    await ann.script("begin");
    await ann.query("select slipway.fence($1)", [held.token]);
    await held.heartbeat(bob);
    await ann.script("commit");
  });

  test("prolongs by the time to live, from the database's now", async () => {
    const held = await hold(ann, "ann", { ttlMs: 20_000 });
    const before = (await readLedger(bob)).lease!;
    await pause(20);
    await held.heartbeat();
    const after = (await readLedger(bob)).lease!;
    expect(after.heartbeatAt > before.heartbeatAt).toBe(true);
    expect(Date.parse(after.expiresAt) - Date.parse(after.heartbeatAt)).toBe(20_000);
    expect(after.acquiredAt).toBe(before.acquiredAt);
  });

  test("brings an expired lease back to life as long as nobody took it", async () => {
    const held = await hold(ann);
    await expireLease(ann);
    await expect(ann.query("select slipway.fence($1)", [held.token])).rejects.toMatchObject({
      code: "SW001",
      detail: expect.stringContaining("it expired at"),
    });
    await held.heartbeat();
    await ann.query("select slipway.fence($1)", [held.token]);
  });

  test("of a lease that was given back is refused", async () => {
    const held = await hold(ann);
    await held.release();
    await expect(held.heartbeat()).rejects.toMatchObject({ code: "LEASE_LOST", why: "it was given back" });
  });
});

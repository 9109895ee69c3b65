import { spawn } from "node:child_process";
import { once } from "node:events";
import { tcpProxy } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { hold, type ScratchLedgers, scratchLedgers } from "../testing/scratch-ledger.ts";
import type { Database } from "./database.ts";
import { keepLease } from "./keep-lease.ts";
import { takeOverDeadLease } from "./lease.ts";
import { readLedger } from "./read-ledger.ts";

let ledgers: ScratchLedgers;
beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const never = () => {
  throw new Error("the lease was lost");
};
const lastHeard = async (db: Database) => (await readLedger(db)).lease?.heartbeatAt ?? "";

/** Waits until the lease was heard after a moment of the database's clock. */
const heardAfter = (db: Database, before: string) =>
  vi.waitFor(async () => expect((await lastHeard(db)) > before).toBe(true), { timeout: 20_000 });

test("a kept lease is prolonged while its own connection is busy, and expires once it is kept no more", async () => {
  const { url, db } = await ledgers.create();
  const watcher = await ledgers.connect(url);
  const held = await hold(db, "ann", { ttlMs: 3_000 });
  const kept = keepLease(held, { everyMs: 100, onLost: never });
  await db.transaction(async () => {
    for (let beat = 0; beat < 3; beat++) {
      // The holder's own connection does nothing else: a heartbeat that waited for it would never be seen.
      const seen = heardAfter(watcher, await lastHeard(watcher));
      await db.query("select pg_sleep(0.3)");
      await seen;
    }
  });
  kept.stop();
  await vi.waitFor(
    async () => expect((await readLedger(watcher)).lease).toMatchObject({ owner: "ann", live: false }),
    { timeout: 30_000 },
  );
});

test("a lease that somebody else took is reported once", async () => {
  const { url, db } = await ledgers.create();
  const other = await ledgers.connect(url);
  const held = await hold(db);
  const lost: unknown[] = [];
  const kept = keepLease(held, { everyMs: 30, onLost: (error) => lost.push(error) });
  await takeOverDeadLease(other, held.token, {
    owner: "bob",
    reason: "repair",
    ttlMs: 60_000,
    pid: null,
    host: null,
    processStart: null,
  });
  await vi.waitFor(() => expect(lost).toHaveLength(1), { timeout: 20_000 });
  await pause(200);
  expect(lost).toMatchObject([{ code: "LEASE_LOST", why: expect.stringContaining("bob took it over") }]);
  kept.stop();
});

test("a server that grants no second connection hears the first one", async () => {
  const { db } = await ledgers.create();
  const held = await hold(db);
  const single = {
    ...held,
    database: { ...db, another: () => Promise.reject(new Error("too many connections")) },
  };
  const before = await lastHeard(db);
  const kept = keepLease(single, { everyMs: 50, onLost: never });
  await heardAfter(db, before);
  kept.stop();
});

test("a network that swallows heartbeats loses the lease after its time to live, not before", async () => {
  const { url, db } = await ledgers.create();
  const proxy = await tcpProxy(ledgers.postgres.port);
  const held = await hold(db, "ann", { ttlMs: 600 });
  const far = await ledgers.connect(url.replace(/:\d+\//, `:${proxy.port}/`));
  const lost: unknown[] = [];
  const swallowed = performance.now();
  let lostAt = 0;
  proxy.swallow();
  const kept = keepLease(
    { ...held, database: far, heartbeat: (on = far) => held.heartbeat(on) },
    {
      everyMs: 50,
      onLost: (error) => {
        lost.push(error);
        lostAt = performance.now();
      },
    },
  );
  await vi.waitFor(() => expect(lost).toHaveLength(1), { timeout: 20_000 });
  expect(lost).toMatchObject([
    { code: "LEASE_LOST", message: expect.stringContaining("no heartbeat got through for 600 ms") },
  ]);
  expect(lostAt - swallowed).toBeGreaterThanOrEqual(600);
  kept.stop();
  await proxy.close();
});

test("a heartbeat connection that drops is replaced", async () => {
  const { url, db } = await ledgers.create();
  const watcher = await ledgers.connect(url);
  const held = await hold(db);
  const kept = keepLease(held, { everyMs: 50, onLost: never });
  for (let drop = 0; drop < 4; drop++) {
    await vi.waitFor(
      async () => {
        const dropped = await watcher.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'slipway lease' and datname = current_database()`,
        );
        expect(dropped).toHaveLength(1);
      },
      { timeout: 20_000 },
    );
    await heardAfter(watcher, await lastHeard(watcher));
  }
  kept.stop();
});

test("keeping a lease keeps no process alive", async () => {
  const { url } = await ledgers.create();
  const program = `
    import { acquireLease, connect, keepLease } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    const db = await connect(${JSON.stringify(url)});
    const held = await acquireLease(db, { owner: "child", reason: "x", ttlMs: 600000, pid: null, host: null, processStart: null });
    keepLease(held, { everyMs: 20, onLost: () => {} });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await db.end();
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  // Kept alive, it would send heartbeats for ever.
  const hanging = setTimeout(() => child.kill("SIGKILL"), 60_000);
  expect(await once(child, "exit")).toEqual([0, null]);
  clearTimeout(hanging);
});

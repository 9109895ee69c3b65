import { spawn } from "node:child_process";
import { once } from "node:events";
import { tcpProxy } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { hold, type ScratchLedgers, scratchLedgers } from "../testing/scratch-ledger.ts";
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

test("a kept lease outlives its time to live, also while its own connection is busy", async () => {
  const { url, db } = await ledgers.create();
  const watcher = await ledgers.connect(url);
  const held = await hold(db, "ann", { ttlMs: 1_500 });
  const kept = keepLease(held, { everyMs: 200, onLost: never });
  await db.transaction(async () => {
    await db.query("select pg_sleep(2.5)");
    await db.query("select slipway.fence($1)", [held.token]);
  });
  expect((await readLedger(watcher)).lease).toMatchObject({ owner: "ann", live: true });
  kept.stop();
  await pause(1_600);
  expect((await readLedger(watcher)).lease).toMatchObject({ owner: "ann", live: false });
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
  const held = await hold(db, "ann", { ttlMs: 1_000 });
  const single = {
    ...held,
    database: { ...db, another: () => Promise.reject(new Error("too many connections")) },
  };
  const kept = keepLease(single, { everyMs: 50, onLost: never });
  await pause(1_600);
  expect((await readLedger(db)).lease?.live).toBe(true);
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
  const held = await hold(db, "ann", { ttlMs: 1_200 });
  const kept = keepLease(held, { everyMs: 100, onLost: never });
  for (let i = 0; i < 5; i++) {
    await pause(400);
    await watcher.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'slipway lease' and datname = current_database()",
    );
  }
  await pause(200);
  expect((await readLedger(watcher)).lease?.live).toBe(true);
  kept.stop();
});

test("keeping a lease keeps no process alive", async () => {
  const { url } = await ledgers.create();
  const program = `
    import { acquireLease, connect, keepLease } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    const db = await connect(${JSON.stringify(url)});
    const held = await acquireLease(db, { owner: "child", reason: "x", ttlMs: 60000, pid: null, host: null, processStart: null });
    keepLease(held, { everyMs: 20, onLost: () => {} });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await db.end();
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const started = performance.now();
  expect((await once(child, "exit"))[0]).toBe(0);
  expect(performance.now() - started).toBeLessThan(5_000);
});

import { tcpProxy } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  hold,
  identity,
  migrationApplied,
  type ScratchLedgers,
  scratchLedgers,
} from "../testing/scratch-ledger.ts";
import { bootstrapLedger } from "./bootstrap-ledger.ts";
import { latestLedgerVersion } from "./ledger-steps.ts";
import { readLedger } from "./read-ledger.ts";

let ledgers: ScratchLedgers;
beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());

test("a database without a ledger gives version 0 and nothing", async () => {
  const db = await ledgers.connect(await ledgers.postgres.createDatabase());
  expect(await readLedger(db)).toEqual({
    version: 0,
    identity: null,
    wanted: null,
    run: null,
    verified: null,
    applied: [],
    instances: [],
    traffic: [],
    lease: null,
    auditHead: null,
  });
});

test("a new ledger gives its identity, the first event as head, and nothing else", async () => {
  const { db } = await ledgers.create();
  expect(await readLedger(db)).toEqual({
    version: latestLedgerVersion(),
    identity,
    wanted: null,
    run: null,
    verified: null,
    applied: [],
    instances: [],
    traffic: [],
    lease: null,
    auditHead: { seq: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

test("a ledger that lost its functions is an error, not an empty ledger", async () => {
  const { db } = await ledgers.create();
  await db.script("drop function slipway.snapshot()");
  await expect(readLedger(db)).rejects.toMatchObject({ code: "DATABASE_FAILED" });
});

test("reading is one round trip; setting up with nothing to do is one too", async () => {
  const { url } = await ledgers.create();
  const proxy = await tcpProxy(ledgers.postgres.port);
  const far = await ledgers.connect(url.replace(/:\d+\//, `:${proxy.port}/`));
  const before = proxy.roundTrips();
  await readLedger(far);
  expect(proxy.roundTrips() - before).toBe(1);
  await bootstrapLedger(far, identity);
  expect(proxy.roundTrips() - before).toBe(2);
  await proxy.close();
});

test("applied migrations come in the order of their application", async () => {
  const { db } = await ledgers.create();
  const { token } = await hold(db);
  const ids = Array.from({ length: 300 }, (_, index) => `${300 - index}_m`);
  await db.script(ids.map((id) => migrationApplied(token, id)).join(";"));
  expect((await readLedger(db)).applied.map(({ id }) => id)).toEqual(ids);
});

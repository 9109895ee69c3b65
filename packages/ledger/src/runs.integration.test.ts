import { tcpProxy } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  auditOf,
  expireLease,
  hold,
  leaseRequest,
  runRequest,
  type ScratchLedgers,
  scratchLedgers,
} from "../testing/scratch-ledger.ts";
import type { Database } from "./database.ts";
import type { HeldLease } from "./lease.ts";
import { takeOverDeadLease } from "./lease.ts";
import { readLedger } from "./read-ledger.ts";
import { advanceRun, finishRun, history, openRun } from "./runs.ts";

let ledgers: ScratchLedgers;
let url: string;
let db: Database;
let held: HeldLease;

beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());
beforeEach(async () => {
  ({ url, db } = await ledgers.renew());
  held = await hold(db);
});

const kinds = async () => (await auditOf(db)).map(({ kind }) => kind).slice(1);

describe("a run", () => {
  test("is opened, goes through its stages and is verified, each with its event in the same transaction", async () => {
    const { token } = held;
    const run = await openRun(db, runRequest(token, { reason: "as planned" }));
    for (const stage of ["schema", "services", "smoke", "traffic", "settled"] as const)
      await advanceRun(db, { token, run, stage });
    await finishRun(db, { token, run, outcome: "verified" });
    expect(await kinds()).toEqual([
      "run.opened",
      "release.wanted",
      "run.stage",
      "run.stage",
      "run.stage",
      "run.stage",
      "run.stage",
      "run.verified",
    ]);
    const snapshot = await readLedger(db);
    expect(snapshot.wanted).toMatchObject({ release: "1.2.0", attempt: 1, setBy: "ann" });
    expect(snapshot.run).toMatchObject({
      id: run,
      release: "1.2.0",
      fromRelease: "1.1.0",
      reason: "as planned",
      stage: "settled",
      outcome: "verified",
      error: null,
    });
    expect(snapshot.verified).toEqual({
      release: "1.2.0",
      digest: snapshot.run?.digest,
      attempt: 1,
      at: snapshot.run?.endedAt,
    });
    expect((await auditOf(db)).slice(1).every((event) => event.run === run && event.actor === "ann")).toBe(
      true,
    );
  });

  test("that fails keeps the stage, the error and the last verified run", async () => {
    const { token } = held;
    const first = await openRun(db, runRequest(token));
    await finishRun(db, { token, run: first, outcome: "verified" });
    const run = await openRun(db, runRequest(token, { release: "1.3.0", attempt: 2 }));
    await advanceRun(db, { token, run, stage: "smoke" });
    await finishRun(db, {
      token,
      run,
      outcome: "failed",
      error: "SMOKE_FAILED: psql postgres://a:pa55word@b",
    });
    const { run: last, verified, wanted } = await readLedger(db);
    expect(last).toMatchObject({
      id: run,
      stage: "smoke",
      outcome: "failed",
      error: "SMOKE_FAILED: psql postgres://a:[redacted]@b",
    });
    expect(verified).toMatchObject({ release: "1.2.0", attempt: 1 });
    expect(wanted).toMatchObject({ release: "1.3.0", attempt: 2 });
    expect((await auditOf(db)).at(-1)).toMatchObject({ kind: "run.failed", data: { stage: "smoke" } });
  });

  test("never goes back a stage, and asking for one twice writes nothing", async () => {
    const { token } = held;
    const run = await openRun(db, runRequest(token));
    await advanceRun(db, { token, run, stage: "smoke" });
    const before = await auditOf(db);
    await advanceRun(db, { token, run, stage: "smoke" });
    await advanceRun(db, { token, run, stage: "schema" });
    expect(await auditOf(db)).toEqual(before);
    expect((await readLedger(db)).run?.stage).toBe("smoke");
  });

  test("that has ended, or never was, can be neither advanced nor ended", async () => {
    const { token } = held;
    const run = await openRun(db, runRequest(token));
    await finishRun(db, { token, run, outcome: "rolled-back" });
    const open = { code: "RUN_NOT_OPEN", why: expect.stringContaining("it ended as rolled-back at") };
    await expect(advanceRun(db, { token, run, stage: "schema" })).rejects.toMatchObject(open);
    await expect(finishRun(db, { token, run, outcome: "verified" })).rejects.toMatchObject(open);
    await expect(finishRun(db, { token, run: 999, outcome: "verified" })).rejects.toMatchObject({
      code: "RUN_NOT_OPEN",
      why: "there is no such run",
    });
    expect((await auditOf(db)).at(-1)?.kind).toBe("run.rolled-back");
  });

  test("belongs to the lease that it was opened under", async () => {
    const run = await openRun(db, runRequest(held.token));
    const next = await takeOverDeadLease(db, held.token, leaseRequest("bob"));
    await expect(finishRun(db, { token: next.token, run, outcome: "verified" })).rejects.toMatchObject({
      code: "RUN_NOT_OPEN",
    });
  });

  test("costs one round trip to open, to advance and to end", async () => {
    const proxy = await tcpProxy(ledgers.postgres.port);
    const far = await ledgers.connect(url.replace(/:\d+\//, `:${proxy.port}/`));
    const before = proxy.roundTrips();
    const run = await openRun(far, runRequest(held.token));
    await advanceRun(far, { token: held.token, run, stage: "schema" });
    await finishRun(far, { token: held.token, run, outcome: "verified" });
    expect(proxy.roundTrips() - before).toBe(3);
    await proxy.close();
  });
});

describe("a killed run", () => {
  test("shows as killed as soon as its lease is gone, before anybody wrote it down", async () => {
    const run = await openRun(db, runRequest(held.token));
    expect(await history(db, 10)).toMatchObject([{ id: run, outcome: null }]);
    await held.release();
    expect(await history(db, 10)).toMatchObject([{ id: run, outcome: "killed" }]);
    expect((await readLedger(db)).run?.outcome).toBeNull();
  });

  test("shows as killed when its lease has expired", async () => {
    await openRun(db, runRequest(held.token));
    expect(await history(db, 1)).toMatchObject([{ outcome: null }]);
    await expireLease(db);
    expect(await history(db, 1)).toMatchObject([{ outcome: "killed" }]);
  });

  test("is written to the audit by the next run, once", async () => {
    const lost = await openRun(db, runRequest(held.token));
    await advanceRun(db, { token: held.token, run: lost, stage: "services" });
    const { token } = await takeOverDeadLease(db, held.token, leaseRequest("bob"));
    const second = await openRun(db, runRequest(token, { actor: "bob", attempt: 2 }));
    await finishRun(db, { token, run: second, outcome: "verified" });
    const third = await openRun(db, runRequest(token, { actor: "bob", attempt: 3 }));
    const killed = (await auditOf(db)).filter(({ kind }) => kind === "run.killed");
    expect(killed).toMatchObject([
      { actor: "bob", run: lost, subject: "1.2.0", data: { stage: "services", actor: "ann" } },
    ]);
    expect((await history(db, 10)).map(({ id, outcome }) => [id, outcome])).toEqual([
      [third, null],
      [second, "verified"],
      [lost, "killed"],
    ]);
  });

  test("is also one that its own process left open before it opened the next", async () => {
    const left = await openRun(db, runRequest(held.token));
    const next = await openRun(db, runRequest(held.token, { attempt: 2 }));
    expect((await history(db, 10)).map(({ id, outcome }) => [id, outcome])).toEqual([
      [next, null],
      [left, "killed"],
    ]);
    await expect(finishRun(db, { token: held.token, run: left, outcome: "verified" })).rejects.toMatchObject({
      code: "RUN_NOT_OPEN",
    });
  });

  test("history is as long as asked for, newest first", async () => {
    for (let attempt = 1; attempt <= 5; attempt++) {
      const run = await openRun(db, runRequest(held.token, { attempt }));
      await finishRun(db, { token: held.token, run, outcome: "verified" });
    }
    expect((await history(db, 3)).map(({ attempt }) => attempt)).toEqual([5, 4, 3]);
  });
});

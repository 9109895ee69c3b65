import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { seededRandom, testSeed } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  auditOf,
  leaseRequest,
  runRequest,
  type ScratchLedgers,
  scratchLedgers,
} from "../testing/scratch-ledger.ts";
import { takeOverDeadLease } from "./lease.ts";
import { readLedger } from "./read-ledger.ts";
import { history, openRun } from "./runs.ts";
import { verifyAudit } from "./verify-audit.ts";

const KILLS = 12;
const SEED = testSeed();

let ledgers: ScratchLedgers;
beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());

async function busyChild(url: string, stderr: "inherit" | "ignore" = "inherit"): Promise<ChildProcess> {
  const program = new URL("../testing/busy-child.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, url], { stdio: ["ignore", "pipe", stderr] });
  await once(child.stdout!, "data");
  return child;
}

test("whenever a writer is killed, chain, rows and schema agree, and the next writer goes on", async () => {
  const { url, db } = await ledgers.create();
  const random = seededRandom(SEED);
  let previousHead = (await readLedger(db)).auditHead!;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = await busyChild(url);
    await new Promise((resolve) => setTimeout(resolve, random() * 150));
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(verifyAudit(await auditOf(db), previousHead), `kill ${kill}, seed ${SEED}`).toMatchObject({
      ok: true,
    });
    previousHead = (await readLedger(db)).auditHead!;
  }

  const { lease } = await readLedger(db);
  const { token } = await takeOverDeadLease(db, lease!.token, leaseRequest("last"));
  const last = await openRun(db, runRequest(token));
  const events = await auditOf(db);
  const runs = await history(db, 100_000);
  const { applied, auditHead } = await readLedger(db);
  expect(verifyAudit(events, auditHead!)).toMatchObject({ ok: true });

  const count = (kind: string) => events.filter((event) => event.kind === kind).length;
  expect(count("run.opened")).toBe(runs.length);
  expect(count("run.verified")).toBe(runs.filter(({ outcome }) => outcome === "verified").length);
  expect(count("run.killed")).toBe(runs.filter(({ outcome }) => outcome === "killed").length);
  expect(runs.filter(({ outcome }) => outcome === null).map(({ id }) => id)).toEqual([last]);
  expect(count("run.killed")).toBeGreaterThan(0);
  expect(count("lease.taken-over")).toBe(KILLS);

  expect(count("migration.applied")).toBe(applied.length);
  const tables = await db.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  expect(tables.map(({ name }) => name).sort()).toEqual(
    applied.map(({ id }) => id.replace("m_", "t_")).sort(),
  );
});

test("a crash of the server loses no event that was reported as written", async () => {
  const { url, db } = await ledgers.create();
  const child = await busyChild(url, "ignore");
  const died = once(child, "exit");
  await new Promise((resolve) => setTimeout(resolve, 300));
  const seen = (await readLedger(db)).auditHead!;
  ledgers.postgres.stop("immediate");
  expect((await died)[0]).toBe(1);
  ledgers.postgres.start();
  const again = await ledgers.connect(url);
  expect(verifyAudit(await auditOf(again), seen)).toMatchObject({ ok: true });
});

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  auditOf,
  identity,
  readLedgerRollback,
  type ScratchLedgers,
  scratchLedgers,
} from "../testing/scratch-ledger.ts";
import { bootstrapLedger } from "./bootstrap-ledger.ts";
import type { Database } from "./database.ts";
import { latestLedgerVersion, readLedgerSteps } from "./ledger-steps.ts";
import { verifyAudit } from "./verify-audit.ts";

/** Steps from this one on have a rollback; those before are the ledger itself. */
const FIRST = 10;
const describeSchema = readFileSync(new URL("../testing/describe-schema.sql", import.meta.url), "utf8");

let ledgers: ScratchLedgers;
beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());

async function schemaOf(db: Database): Promise<string> {
  const [row] = await db.transaction(async () => {
    await db.script("set local search_path = pg_catalog");
    return await db.query<{ text: string }>(describeSchema);
  });
  return row!.text;
}

async function versionOf(db: Database): Promise<number> {
  const [row] = await db.query<{ version: number }>("select version from slipway.meta");
  return row!.version;
}

test("each step from the flags on goes up, down and up again to the same catalog", async () => {
  const { db } = await ledgers.create();
  const full = await schemaOf(db);
  const steps = readLedgerSteps();
  const before = new Map<number, string>();
  for (let version = latestLedgerVersion(); version >= FIRST; version--) {
    await db.script(`begin; ${readLedgerRollback(version)}; commit`);
    expect(await versionOf(db)).toBe(version - 1);
    before.set(version, await schemaOf(db));
  }
  expect(before.get(FIRST)).not.toContain("flag");
  for (const { version, sql } of steps.filter((step) => step.version >= FIRST)) {
    expect(await schemaOf(db), `below step ${version}`).toBe(before.get(version));
    await db.script(`begin; set local search_path = pg_catalog, pg_temp; ${sql}; commit`);
    const up = await schemaOf(db);
    expect(up).not.toBe(before.get(version));
    await db.script(`begin; ${readLedgerRollback(version)}; commit`);
    expect(await schemaOf(db), `down from step ${version}`).toBe(before.get(version));
    await db.script(`begin; set local search_path = pg_catalog, pg_temp; ${sql}; commit`);
    expect(await schemaOf(db)).toBe(up);
  }
  expect(await schemaOf(db)).toBe(full);
  expect(verifyAudit(await auditOf(db))).toMatchObject({ ok: true });
});

test("a program of this version brings a reverted ledger up again, and the audit tells both", async () => {
  const { db } = await ledgers.create();
  for (let version = latestLedgerVersion(); version >= FIRST; version--)
    await db.script(readLedgerRollback(version));
  await bootstrapLedger(db, identity);
  expect(await versionOf(db)).toBe(latestLedgerVersion());
  const kinds = (await auditOf(db)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "ledger.reverted")).toHaveLength(latestLedgerVersion() - FIRST + 1);
  expect(kinds.at(-1)).toBe("ledger.upgraded");
});

test("undoing the flags is refused while there are any, and changes nothing", async () => {
  const { db } = await ledgers.create();
  await db.query(`select slipway.declare_flag(null, null, 'ann', null, 'a', '{"owner": "shop"}')`);
  for (let version = latestLedgerVersion(); version > 11; version--)
    await db.script(readLedgerRollback(version));
  await expect(db.script(`begin; ${readLedgerRollback(11)}; commit`)).rejects.toMatchObject({
    message: "undoing step 11 would lose the state of every flag, kills included",
  });
  expect(await db.query("select key from slipway.flags")).toEqual([{ key: "a" }]);
  await db.script(`begin; set local slipway.allow_data_loss = 'on'; ${readLedgerRollback(11)}; commit`);
  expect(await versionOf(db)).toBe(10);
});

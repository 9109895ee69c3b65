import { keepHead, readHead, setFingerprints } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScratchLedger, scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { describeDrift, driftSince, objectLines } from "../catalog/drift.ts";
import { fingerprint } from "../catalog/fingerprint.ts";
import { applyMigrations } from "../run/apply-migrations.ts";
import { describeProbes, runProbes } from "./run-probes.ts";

let postgres: ScratchPostgres;
let ledger: ScratchLedger;
beforeAll(async () => {
  postgres = await scratchPostgres();
  ledger = await scratchLedger(await postgres.createDatabase());
  const migration = await sqlMigration("1_t", "create table t (id int primary key, n int);", "drop table t;");
  await applyMigrations(ledger.db, [migration], ledger.context);
});
afterAll(async () => {
  await ledger?.db.end();
  postgres?.remove();
});

async function settle(): Promise<void> {
  const { db, context } = ledger;
  const live = await fingerprint(db);
  await setFingerprints(db, { ...context, head: "1_t", hash: live.hash });
  const probes = [{ name: "none", sql: "select 1 where false" }];
  await keepHead(db, {
    ...context,
    migration: "1_t",
    fingerprint: live.hash,
    objects: objectLines(live),
    probes,
  });
}

test("what was changed by hand since a head settled is named, and what is put right again is no drift", async () => {
  const { db } = ledger;
  expect(await driftSince(db, "1_t")).toEqual([]);
  await settle();
  expect(await driftSince(db, "1_t")).toEqual([]);
  await db.script("create index by_hand on t (n); alter table t alter n set default 3");
  const names = (await driftSince(db, "1_t")).map(describeDrift);
  expect(names).toContain("index public.by_hand was added");
  expect(names.join()).toContain("public.t.n");
  // Settled again while it differs, the head stays what it was.
  await settle();
  expect((await driftSince(db, "1_t")).map(describeDrift)).toEqual(names);
  await db.script("drop index by_hand; alter table t alter n drop default");
  expect(await driftSince(db, "1_t")).toEqual([]);
  expect((await readHead(db, "1_t"))?.probes).toEqual([{ name: "none", sql: "select 1 where false" }]);
});

test("probes pass with no rows or one true, and fail with anything else, without a word of what the rows hold", async () => {
  const { db } = ledger;
  await db.script("insert into t values (1, 41), (2, 42)");
  const ask = async (sql: string) => (await runProbes(db, [{ name: "p", sql }]))[0];
  const pass = { name: "p", verdict: "pass", why: null };
  expect(await ask("select * from t where n < 0")).toEqual(pass);
  expect(await ask("select count(*) = 2 from t -- two of them")).toEqual(pass);
  expect(await ask("select count(*) = 3 from t")).toMatchObject({ verdict: "fail", why: "it is false" });
  expect(await ask("select null::boolean")).toMatchObject({ verdict: "fail", why: "it is null" });
  expect(await ask("select n from t")).toMatchObject({ verdict: "fail", why: "it finds 2 rows" });
  expect(await ask("select generate_series(1, 5000)")).toMatchObject({
    why: "it finds more than 1,000 rows",
  });
  expect(await ask("select false as ok, true as ok")).toMatchObject({
    verdict: "fail",
    why: "it finds 1 row",
  });
});

test("a probe that writes, or that is no SQL any more, is an error and changes nothing", async () => {
  const { db } = ledger;
  await db.script(`create function sneaky() returns boolean language plpgsql as
    'begin delete from public.t; return true; end'`);
  const results = await runProbes(db, [
    { name: "sneaky", sql: "select sneaky()" },
    { name: "gone", sql: "select * from missing" },
  ]);
  expect(results.map(({ verdict }) => verdict)).toEqual(["error", "error"]);
  expect(describeProbes(results)).toContain(
    "sneaky cannot be asked: cannot execute DELETE in a read-only transaction",
  );
  expect(await db.query("select count(*)::int as n from t")).toEqual([{ n: 2 }]);
  expect(describeProbes([{ name: "fine", verdict: "pass", why: null }])).toBe("");
});

import { afterAll, beforeAll, expect, test } from "vitest";
import {
  auditOf,
  hold,
  identity,
  leaseRequest,
  migrationApplied,
  runRequest,
  type ScratchLedgers,
  scratchLedgers,
} from "../testing/scratch-ledger.ts";
import { appendAudit } from "./append-audit.ts";
import { bootstrapLedger } from "./bootstrap-ledger.ts";
import { connect } from "./connect.ts";
import { acquireLease } from "./lease.ts";
import { latestLedgerVersion, readLedgerSteps } from "./ledger-steps.ts";
import { readLedger } from "./read-ledger.ts";
import { openRun } from "./runs.ts";
import { verifyAudit } from "./verify-audit.ts";

let ledgers: ScratchLedgers;
beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());

test("twenty processes may set up the ledger at once, and it is set up once", async () => {
  const url = await ledgers.postgres.createDatabase();
  const connections = await Promise.all(Array.from({ length: 20 }, () => ledgers.connect(url)));
  await Promise.all(connections.map((db) => bootstrapLedger(db, identity)));
  const events = await auditOf(connections[0]!);
  expect(events).toMatchObject([{ kind: "ledger.created", subject: "shop/production" }]);
  expect(await readLedger(connections[1]!)).toMatchObject({ version: latestLedgerVersion(), identity });
});

test("twenty processes may set it up at once where transactions are serializable by default", async () => {
  const url = await ledgers.postgres.createDatabase("strict");
  const first = await ledgers.connect(url);
  await first.script("alter database strict set default_transaction_isolation = serializable");
  const connections = await Promise.all(Array.from({ length: 20 }, () => ledgers.connect(url)));
  await Promise.all(connections.map((db) => bootstrapLedger(db, identity)));
  expect(await auditOf(first)).toHaveLength(1);
});

test("the same again changes nothing", async () => {
  const { db } = await ledgers.create();
  const before = await readLedger(db);
  await bootstrapLedger(db, identity);
  expect(await readLedger(db)).toEqual(before);
});

test("a set-up that fails half way leaves nothing behind", async () => {
  const db = await ledgers.connect(await ledgers.postgres.createDatabase());
  await db.script("create schema slipway; create table slipway.traffic (x integer)");
  await expect(bootstrapLedger(db, identity)).rejects.toMatchObject({
    code: "DATABASE_FAILED",
    message: expect.stringContaining(
      'Cannot set up the ledger of "shop/production": relation "traffic" already exists',
    ),
  });
  expect(await db.query("select to_regclass('slipway.audit') as audit")).toEqual([{ audit: null }]);
});

test("the ledger of another environment or project is refused", async () => {
  const { db } = await ledgers.create();
  for (const other of [
    { ...identity, environment: "staging" },
    { ...identity, project: "blog" },
  ]) {
    await expect(bootstrapLedger(db, other)).rejects.toMatchObject({
      code: "LEDGER_MISMATCH",
      why: 'its ledger belongs to "shop/production"',
    });
  }
});

test("a newer ledger is refused, to write and to read", async () => {
  const { db } = await ledgers.create();
  await db.script("update slipway.meta set version = version + 1");
  await expect(bootstrapLedger(db, identity)).rejects.toMatchObject({ code: "LEDGER_NEWER" });
  await expect(readLedger(db)).rejects.toMatchObject({ code: "LEDGER_NEWER" });
});

test("an older ledger gets the missing steps, and the audit says so", async () => {
  const db = await ledgers.connect(await ledgers.postgres.createDatabase());
  const older = readLedgerSteps().slice(0, 8);
  await db.script(["set search_path = pg_catalog, pg_temp", ...older.map(({ sql }) => sql)].join(";\n"));
  await db.query("select slipway.built($1, $2, $3)", [identity.project, identity.environment, older.length]);
  await Promise.all([
    bootstrapLedger(db, identity),
    bootstrapLedger(await ledgers.connect(await urlOf(db)), identity),
  ]);
  const events = await auditOf(db);
  expect(events.map(({ kind }) => kind)).toEqual(["ledger.created", "ledger.upgraded"]);
  expect((await readLedger(db)).version).toBe(latestLedgerVersion());
});

test("a database with an encoding that the audit cannot use is refused", async () => {
  const admin = await ledgers.connect(ledgers.postgres.adminUrl);
  await admin.script("create database latin encoding 'LATIN1' template template0");
  const db = await ledgers.connect(ledgers.postgres.adminUrl.replace(/[^/]+$/, "latin"));
  await expect(bootstrapLedger(db, identity)).rejects.toMatchObject({
    code: "DATABASE_FAILED",
    why: expect.stringContaining("LATIN1"),
  });
});

test("the owner of the database is enough: no superuser, no extension", async () => {
  const admin = await ledgers.connect(ledgers.postgres.adminUrl);
  await admin.script("create role keeper login; create role stranger login");
  await admin.script("create database kept owner keeper");
  const keeper = await ledgers.connect(
    ledgers.postgres.adminUrl.replace("postgres@", "keeper@").replace(/[^/]+$/, "kept"),
  );
  await bootstrapLedger(keeper, identity);
  const held = await hold(keeper);
  const run = await openRun(keeper, runRequest(held.token));
  await keeper.script(migrationApplied(held.token, "1_a", run));
  await appendAudit(keeper, held.token, { actor: "ann", run, kind: "note", subject: null, data: {} });
  expect(verifyAudit(await auditOf(keeper))).toMatchObject({ ok: true });
  for (const sql of [
    "update slipway.audit set actor = 'x'",
    "delete from slipway.audit",
    "truncate slipway.audit",
  ]) {
    await expect(keeper.script(sql)).rejects.toMatchObject({ code: "42501" });
  }

  const stranger = await connect(
    ledgers.postgres.adminUrl.replace("postgres@", "stranger@").replace(/[^/]+$/, "kept"),
  );
  expect(await stranger.query("select id, ordinal from slipway.schema_head")).toEqual([
    { id: "1_a", ordinal: 1 },
  ]);
  await expect(readLedger(stranger)).rejects.toMatchObject({
    code: "DATABASE_FAILED",
    why: expect.stringContaining("permission denied"),
  });
  await expect(acquireLease(stranger, leaseRequest("eve"))).rejects.toMatchObject({
    code: "DATABASE_FAILED",
  });
  await stranger.end();
});

test("schemas that an administrator made beforehand are used", async () => {
  const admin = await ledgers.connect(ledgers.postgres.adminUrl);
  await admin.script("create role tenant login");
  await admin.script("create database shared");
  const owner = await ledgers.connect(ledgers.postgres.adminUrl.replace(/[^/]+$/, "shared"));
  await owner.script(
    "revoke create on database shared from public; create schema slipway authorization tenant; create schema slipway_api authorization tenant",
  );
  const tenant = await ledgers.connect(
    ledgers.postgres.adminUrl.replace("postgres@", "tenant@").replace(/[^/]+$/, "shared"),
  );
  await bootstrapLedger(tenant, identity);
  expect((await readLedger(tenant)).version).toBe(latestLedgerVersion());
});

async function urlOf(db: { query<Row>(sql: string): Promise<Row[]> }): Promise<string> {
  const [row] = await db.query<{ name: string }>("select current_database() as name");
  return ledgers.postgres.adminUrl.replace(/[^/]+$/, row!.name);
}

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  auditOf,
  hold,
  migrationApplied,
  runRequest,
  type ScratchLedgers,
  scratchLedgers,
} from "../testing/scratch-ledger.ts";
import type { Database } from "./database.ts";
import type { HeldLease } from "./lease.ts";
import { setFingerprints } from "./mutations.ts";
import { readLedger } from "./read-ledger.ts";
import { openRun } from "./runs.ts";
import { readStoredMigrations } from "./stored-migrations.ts";

let ledgers: ScratchLedgers;
let db: Database;
let held: HeldLease;

beforeAll(async () => {
  ledgers = await scratchLedgers();
});
afterAll(() => ledgers.remove());
beforeEach(async () => {
  ({ db } = await ledgers.renew());
  held = await hold(db);
});

const reverted = (id: string) => `select slipway.migration_reverted(${held.token}, null, 'ann', '${id}')`;
const ids = async () => (await readLedger(db)).applied.map(({ id, ordinal }) => [id, ordinal]);

test("an applied migration is a row, an event and the head that services see", async () => {
  const run = await openRun(db, runRequest(held.token));
  await db.script(`begin; create table t (); ${migrationApplied(held.token, "1_t", run)}; commit;`);
  expect((await readLedger(db)).applied).toEqual([
    {
      id: "1_t",
      ordinal: 1,
      release: "1.2.0",
      phase: "expand",
      kind: "lossless",
      upSha256: "a".repeat(64),
      downSha256: "b".repeat(64),
      appliedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      appliedBy: "ann",
      run,
      fingerprintBefore: null,
      fingerprintAfter: null,
      replaces: null,
    },
  ]);
  expect((await auditOf(db)).at(-1)).toMatchObject({
    kind: "migration.applied",
    subject: "1_t",
    run,
    data: { ordinal: 1, upSha256: "a".repeat(64) },
  });
  expect(await db.query("select * from slipway.schema_head")).toEqual([{ id: "1_t", ordinal: 1 }]);
});

test("a migration whose SQL fails leaves neither table nor row nor event", async () => {
  const before = await auditOf(db);
  await expect(
    db.script(`begin; create table t (); ${migrationApplied(held.token, "1_t")}; select 1 / 0; commit;`),
  ).rejects.toMatchObject({ code: "22012" });
  expect(await ids()).toEqual([]);
  expect(await auditOf(db)).toEqual(before);
});

test("the same migration twice is refused", async () => {
  await db.script(migrationApplied(held.token, "1_t"));
  await expect(db.script(migrationApplied(held.token, "1_t"))).rejects.toMatchObject({
    code: "SW003",
    message: "migration 1_t is applied already",
  });
  expect(await ids()).toEqual([["1_t", 1]]);
});

test("only the newest migration can be reverted, and its row is kept among the reverted ones", async () => {
  for (const id of ["1_a", "2_b"]) await db.script(migrationApplied(held.token, id));
  await expect(db.script(reverted("1_a"))).rejects.toMatchObject({
    code: "SW003",
    detail: "the newest is 2_b",
  });
  await db.script(reverted("2_b"));
  await db.script(reverted("1_a"));
  await expect(db.script(reverted("1_a"))).rejects.toMatchObject({
    code: "SW003",
    detail: "none is applied",
  });
  expect(await ids()).toEqual([]);
  expect(
    await db.query(
      "select id, ordinal, down_sql, reverted_by from slipway.migrations_reverted order by entry",
    ),
  ).toEqual([
    { id: "2_b", ordinal: 2, down_sql: "drop table t", reverted_by: "ann" },
    { id: "1_a", ordinal: 1, down_sql: "drop table t", reverted_by: "ann" },
  ]);
  expect((await auditOf(db)).slice(-2)).toMatchObject([
    { kind: "migration.reverted", subject: "2_b", data: { downSha256: "b".repeat(64) } },
    { kind: "migration.reverted", subject: "1_a" },
  ]);
});

test("a reverted migration can be applied again; places in the order stay without a gap", async () => {
  for (const id of ["1_a", "2_b"]) await db.script(migrationApplied(held.token, id));
  await db.script(reverted("2_b"));
  await db.script(migrationApplied(held.token, "3_c"));
  expect(await ids()).toEqual([
    ["1_a", 1],
    ["3_c", 2],
  ]);
});

test("only an irreversible migration may have no rollback", async () => {
  const without = (kind: string) =>
    `select slipway.migration_applied(${held.token}, null, 'ann', '1_${kind}', '1.2.0', 'expand', '${kind}', 'x', null, 'sha', null)`;
  await expect(db.script(without("lossy"))).rejects.toMatchObject({
    code: "23514",
    constraint: "migrations_rollback",
  });
  await db.script(without("irreversible"));
  expect((await readLedger(db)).applied).toMatchObject([{ id: "1_irreversible", downSha256: null }]);
});

test("a whole message of migrations is kept or undone one by one", async () => {
  const message = ["1_a", "2_b", "1_a", "3_c"]
    .map((id) => `begin; ${migrationApplied(held.token, id)}; commit;`)
    .join("\n");
  await expect(db.script(message)).rejects.toMatchObject({ code: "SW003" });
  expect(await ids()).toEqual([
    ["1_a", 1],
    ["2_b", 2],
  ]);
});

test("stored SQL comes back newest first, for those that are applied", async () => {
  for (const id of ["1_a", "2_b", "3_c"]) await db.script(migrationApplied(held.token, id));
  expect(await readStoredMigrations(db, ["1_a", "3_c", "9_z"])).toMatchObject([
    { id: "3_c", ordinal: 3, upSql: "create table t ()", downSql: "drop table t", kind: "lossless" },
    { id: "1_a", ordinal: 1 },
  ]);
});

test("fingerprints are noted beside the row; null leaves what is there", async () => {
  await db.script(migrationApplied(held.token, "1_a"));
  await db.script(
    "select slipway.set_fingerprints('1_a', 'before', null); select slipway.set_fingerprints('1_a', null, 'after')",
  );
  expect((await readLedger(db)).applied).toMatchObject([
    { fingerprintBefore: "before", fingerprintAfter: "after" },
  ]);
  await expect(db.script("select slipway.set_fingerprints('9_z', 'x', 'y')")).rejects.toMatchObject({
    code: "SW003",
  });
});

test("the first settled fingerprint of a head is remembered, and a later difference is audited", async () => {
  await db.script(migrationApplied(held.token, "1_a"));
  const settled = { token: held.token, run: null, actor: "ann", head: "1_a" };
  expect(await setFingerprints(db, { ...settled, hash: "one" })).toBeNull();
  expect(await setFingerprints(db, { ...settled, hash: "one" })).toBe("one");
  expect(await setFingerprints(db, { ...settled, hash: "two" })).toBe("one");
  expect((await auditOf(db)).slice(-2)).toMatchObject([
    { kind: "schema.settled", subject: "1_a", data: { fingerprint: "one" } },
    { kind: "schema.drifted", subject: "1_a", data: { fingerprint: "two", known: "one" } },
  ]);
  expect((await readLedger(db)).applied[0]?.fingerprintAfter).toBe("one");
});

test("what a squashed migration replaces is read from the lines before its first statement", async () => {
  const up = "a".repeat(64);
  const lines = [
    `-- a note`,
    `-- slipway: replaces 1_a ${up} ${"b".repeat(64)}`,
    "",
    `--slipway:replaces 2_b ${up} irreversible`,
  ];
  const expected = [
    { id: "1_a", upSha256: up, downSha256: "b".repeat(64) },
    { id: "2_b", upSha256: up, downSha256: null },
  ];
  const replacedBy = async (text: string) =>
    (await db.query<{ found: unknown }>("select slipway.replaced_by($1) as found", [text]))[0]?.found;
  expect(await replacedBy([...lines, "select 1;"].join("\n"))).toEqual(expected);
  expect(await replacedBy([...lines, "select 1;"].join("\r\n"))).toEqual(expected);
  expect(await replacedBy(["select 1;", ...lines].join("\n"))).toBeNull();
  expect(await replacedBy(`-- slipway: replaces 1_a ${up}\nselect 1;`)).toBeNull();
  const many = Array.from(
    { length: 2_000 },
    (_, index) => `-- slipway: replaces ${index}_m ${up} irreversible`,
  );
  expect(await replacedBy([...many, "select 1;"].join("\n"))).toHaveLength(2_000);
});

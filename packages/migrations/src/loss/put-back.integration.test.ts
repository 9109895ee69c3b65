import { exportAudit, listSavedData, removeSavedData, savedColumns, verifyAudit } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ScratchLedger, scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { fingerprint } from "../catalog/fingerprint.ts";
import type { Migration } from "../migration.ts";
import { applyMigrations } from "../run/apply-migrations.ts";
import { revertMigrations } from "../run/revert-migrations.ts";
import { restoreSql } from "./restore-sql.ts";

let postgres: ScratchPostgres;
const open: ScratchLedger[] = [];
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterEach(async () => {
  for (const { db } of open.splice(0)) await db.end();
});
afterAll(() => postgres?.remove());

/** A database with a schema of its own making, and one migration to go up, down and up again. */
async function walk(before: string, up: string, down: string) {
  const ledger = await scratchLedger(await postgres.createDatabase());
  open.push(ledger);
  await ledger.db.script(before);
  const migration = await sqlMigration("1_m", up, down, { kind: "lossy" });
  const told: string[] = [];
  const apply = async (changed: Migration = migration) => {
    const onProgress = (message: string) => told.push(message);
    return (await applyMigrations(ledger.db, [changed], { ...ledger.context, onProgress }))[0]!.putBack;
  };
  await apply();
  return {
    ...ledger,
    told,
    apply,
    undo: () => revertMigrations(ledger.db, ["1_m"], { ...ledger.context, allowLoss: ["1_m"] }),
    rows: (sql: string) => ledger.db.query(sql),
  };
}

test("dropped tables come back whole: references, types, sequences; triggers of the app stay quiet", async () => {
  const { db, apply, undo, rows, told } = await walk(
    "create table heard (what text)",
    `create type mood as enum ('ok', 'bad');
     create function hear() returns trigger language plpgsql as 'begin insert into public.heard values (tg_table_name); return new; end';
     create table a_child (id int generated always as identity primary key, parent int not null, doubled int generated always as (parent * 2) stored);
     create table b_parent (id serial primary key, m mood, j json);
     alter table a_child add foreign key (parent) references b_parent;
     create trigger hears before insert on b_parent for each row execute function hear();`,
    "drop table a_child; drop table b_parent; drop function hear; drop type mood;",
  );
  await db.script(`insert into b_parent (m, j) values ('ok', '{"a":1}'), ('bad', null);
    insert into a_child (parent) values (2), (1); truncate heard`);
  const schema = (await fingerprint(db)).hash;
  await undo();
  const putBack = await apply();
  expect(putBack.map(({ source, putBack }) => [source, putBack])).toEqual([
    ['"public"."b_parent"', { putBack: 2, kept: 0, note: null }],
    ['"public"."a_child"', { putBack: 2, kept: 0, note: null }],
  ]);
  expect(await rows("select id, m, j from b_parent order by id")).toEqual([
    { id: 1, m: "ok", j: { a: 1 } },
    { id: 2, m: "bad", j: null },
  ]);
  expect(await rows("select * from a_child order by id")).toEqual([
    { id: 1, parent: 2, doubled: 4 },
    { id: 2, parent: 1, doubled: 2 },
  ]);
  expect(await rows("select * from heard")).toEqual([]);
  await db.script("insert into b_parent default values; insert into a_child (parent) values (3)");
  expect(await rows("select max(p.id) as p, max(c.id) as c from b_parent p, a_child c")).toEqual([
    { p: 3, c: 3 },
  ]);
  expect((await fingerprint(db)).hash).toBe(schema);
  expect(told).toContain("put back 2 of 2 rows of b_parent");
  expect(verifyAudit(await Array.fromAsync(exportAudit(db))).ok).toBe(true);
});

test("dropped columns come back by the primary key; rows that are gone are told, new ones left alone", async () => {
  const { db, apply, undo, rows, told } = await walk(
    "create table t (id int primary key, name text)",
    "alter table t add column note text default 'none';",
    "alter table t drop column note;",
  );
  await db.script("insert into t values (1, 'a', 'first'), (2, 'b', 'second'), (3, 'c', default)");
  await undo();
  await db.script("delete from t where id = 2; insert into t values (4, 'd')");
  const [saved] = await apply();
  expect(saved?.putBack).toEqual({ putBack: 2, kept: 1, note: null });
  expect(await rows("select id, note from t order by id")).toEqual([
    { id: 1, note: "first" },
    { id: 3, note: "none" },
    { id: 4, note: "none" },
  ]);
  expect(told.at(-1)).toBe("put back 2 of 3 rows of t.note; the others stay in slipway_saved.1_m__t");
  // Put back once: another round brings what was saved then.
  await db.script("update t set note = 'newer' where id = 1");
  await undo();
  await apply();
  expect(await rows("select note from t where id = 1")).toEqual([{ note: "newer" }]);
});

test("of rows that a rollback deletes only those are kept and come back; what took their place stays", async () => {
  const { db, apply, undo, rows } = await walk(
    "create table s (k text primary key, v int); insert into s values ('old', 1)",
    "insert into s values ('new', 2), ('other', 3);",
    "delete from s where k in ('new', 'other');",
  );
  await db.script("update s set v = 20 where k = 'new'");
  await undo();
  expect(await rows('select k from slipway_saved."1_m__s" order by k')).toEqual([
    { k: "new" },
    { k: "other" },
  ]);
  await db.script("delete from s where k = 'old'; insert into s values ('unrelated', 9)");
  const changed = await sqlMigration("1_m", "insert into s values ('new', 5);", "delete from s;", {
    kind: "lossy",
  });
  const [saved] = await apply(changed);
  expect(saved?.putBack).toEqual({ putBack: 1, kept: 1, note: null });
  expect(await rows("select * from s order by k")).toEqual([
    { k: "new", v: 5 },
    { k: "other", v: 3 },
    { k: "unrelated", v: 9 },
  ]);
});

test("values that a narrower type cut come back where nobody changed them since", async () => {
  const { db, apply, undo, rows } = await walk(
    "create table p (id int primary key, price numeric(8,2))",
    "alter table p alter column price type numeric(12,4);",
    "alter table p alter column price type numeric(8,2);",
  );
  await db.script("insert into p values (1, 1.2345), (2, 2.3456), (3, 3)");
  await undo();
  // Compared as text, so that the third counts as changed too.
  expect(await rows('select id, slipway_after from slipway_saved."1_m__p" order by id')).toEqual([
    { id: 1, slipway_after: { price: "1.23" } },
    { id: 2, slipway_after: { price: "2.35" } },
    { id: 3, slipway_after: { price: "3.00" } },
  ]);
  await db.script("update p set price = 7 where id = 2");
  const widened = await sqlMigration(
    "1_m",
    "alter table p alter column price type numeric using price;",
    "alter table p alter column price type numeric(8,2);",
  );
  const [saved] = await apply(widened);
  expect(saved?.putBack?.kept).toBe(1);
  expect(await rows("select id, price from p order by id")).toEqual([
    { id: 1, price: "1.2345" },
    { id: 2, price: "7.00" },
    { id: 3, price: "3.0000" },
  ]);
});

test("a table without a key comes back when it is empty; with rows in it the saved ones stay saved, and that is told", async () => {
  const { db, apply, undo, rows } = await walk(
    "select 1",
    "create table log (line text);",
    "drop table log;",
  );
  await db.script("insert into log values ('a'), ('a')");
  await undo();
  expect((await apply())[0]?.putBack).toEqual({ putBack: 2, kept: 0, note: null });
  await undo();
  const seeded = await sqlMigration(
    "1_m",
    "create table log (line text); insert into log values ('x');",
    "drop table log;",
  );
  const [saved] = await apply(seeded);
  expect(saved?.putBack).toMatchObject({
    putBack: 0,
    kept: 2,
    note: expect.stringContaining("no primary key"),
  });
  expect(await rows("select * from log")).toEqual([{ line: "x" }]);
});

test("a changed column, and rows that a new rule refuses, stay saved, and the migration goes through", async () => {
  const { db, apply, undo, rows } = await walk(
    "select 1",
    "create table t (id int primary key, size text, age int);",
    "drop table t;",
  );
  await db.script("insert into t values (1, 'large', 5), (2, 'small', -5)");
  await undo();
  const other = await sqlMigration(
    "1_m",
    "create table t (id int primary key, size int, age int);",
    "drop table t;",
  );
  const [first] = await apply(other);
  expect(first?.putBack).toEqual({ putBack: 2, kept: 0, note: "column size has another type" });
  expect(await rows("select * from t order by id")).toEqual([
    { id: 1, size: null, age: 5 },
    { id: 2, size: null, age: -5 },
  ]);
  await undo();
  const strict = await sqlMigration(
    "1_m",
    "create table t (id int primary key, age int check (age > 0));",
    "drop table t;",
  );
  const [second] = await apply(strict);
  expect(second?.putBack).toMatchObject({
    putBack: 0,
    kept: 2,
    note: expect.stringContaining("t_age_check"),
  });
  expect(await rows("select * from t")).toEqual([]);
});

test("what is saved is listed with its size, and removed only when it expired or is back", async () => {
  const { db, apply, undo, context } = await walk("select 1", "create table t (id int);", "drop table t;");
  await db.script("insert into t values (1)");
  await undo();
  expect(await listSavedData(db)).toMatchObject([
    {
      name: "1_m__t",
      migration: "1_m",
      what: "table",
      rows: 1,
      bytes: 8192,
      expired: false,
      putBackAt: null,
    },
  ]);
  const remove = () => removeSavedData(db, { ...context, names: ["1_m__t"] });
  expect(await remove()).toEqual([]);
  await apply();
  expect(await remove()).toEqual(["1_m__t"]);
  await undo();
  await db.script("update slipway_saved.saved set expires_at = clock_timestamp()");
  expect((await listSavedData(db))[0]).toMatchObject({ expired: true });
  expect(await remove()).toEqual(["1_m__t"]);
  expect(await listSavedData(db)).toEqual([]);
  const removed = (await Array.fromAsync(exportAudit(db))).filter(({ kind }) => kind === "saved.removed");
  expect(removed.map(({ data }) => data)).toMatchObject([{ rows: 1 }, { rows: 1 }]);
});

test("the SQL that is shown for a copy puts it back by hand: tables, columns by their key, types made by users", async () => {
  const { db, undo, rows } = await walk(
    "create type mood as enum ('ok', 'bad'); create table kept (id int primary key); insert into kept values (1), (2)",
    `alter table kept add column "Mood" mood, add column note text;
     create table gone (id int generated always as identity primary key, m mood);
     create table loose (v text)`,
    'alter table kept drop column "Mood", drop column note; drop table gone; update loose set v = null;',
  );
  await db.script(`update kept set "Mood" = 'bad', note = 'n' where id = 2; insert into gone (m) values ('ok'), (null);
    insert into loose values ('a')`);
  await undo();
  const sqlOf = async (source: string) => {
    const copy = (await listSavedData(db)).find((saved) => saved.source.includes(source))!;
    return restoreSql(copy, await savedColumns(db, copy));
  };
  // No key tells its rows apart.
  expect(await sqlOf("loose")).toBeNull();
  await db.script(`alter table kept add column "Mood" mood, add column note text;
    create table gone (id int generated always as identity primary key, m mood)`);
  for (const source of ["kept", "gone"]) await db.script((await sqlOf(source))!);
  expect(await rows("select * from kept order by id")).toEqual([
    { id: 1, Mood: null, note: null },
    { id: 2, Mood: "bad", note: "n" },
  ]);
  expect(await rows("select * from gone order by id")).toEqual([
    { id: 1, m: "ok" },
    { id: 2, m: null },
  ]);
});

import { connect, type Database } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sqlMigration } from "../../../testing/sql-migration.ts";
import { fingerprint } from "../../catalog/fingerprint.ts";
import { fillTables } from "./fill-tables.ts";
import { type RowTrial, tryRows } from "./row-trial.ts";

let postgres: ScratchPostgres;
let db: Database;
beforeAll(async () => {
  postgres = await scratchPostgres();
});
beforeEach(async () => {
  await db?.end();
  db = await connect(await postgres.createDatabase());
});
afterAll(async () => {
  await db?.end();
  postgres?.remove();
});

/** Tries a pair on tables; leaves nothing behind. */
async function tried(
  schema: string,
  up: string,
  down: string,
  options: { readonly kind?: "lossy"; readonly reason?: string; readonly cap?: number } = {},
): Promise<RowTrial> {
  await db.script(schema);
  const before = await fingerprint(db);
  const migration = await sqlMigration("2_it", up, down, options);
  const trial = await tryRows(
    db,
    { ...migration, down, reason: options.reason ?? null },
    options.cap === undefined ? {} : { cap: options.cap },
  );
  expect((await fingerprint(db)).hash).toBe(before.hash);
  return trial;
}

const filled =
  "create table t (id int primary key, name text, size int); insert into t values (1, 'a', 1), (2, 'b', 2)";

describe("rows that were there before", () => {
  test("are there again after a rollback that leads back", async () => {
    const trial = await tried(filled, "alter table t add column x int", "alter table t drop column x");
    expect(trial).toMatchObject({
      verdict: "pass",
      why: null,
      tables: [
        { table: "public.t", before: 2, after: 2, source: "own", compared: "all", dropped: [], problems: [] },
      ],
    });
    expect(await db.query("select count(*)::int as n from t")).toEqual([{ n: 2 }]);
  });

  test.each([
    [
      "values that the migration changes and the rollback leaves",
      "update t set name = upper(name)",
      "select 1",
      "public.t.name holds other values",
    ],
    [
      "values that change places between rows",
      "update t set size = 3 - size",
      "select 1",
      "public.t.size holds other values",
    ],
    [
      "rows that the rollback deletes",
      "alter table t add column x int",
      "alter table t drop column x; delete from t where id = 1",
      "public.t had 2 rows and has 1",
    ],
    [
      "rows that the rollback adds",
      "select 1",
      "insert into t values (3, 'c', 3)",
      "public.t had 2 rows and has 3",
    ],
    [
      "a column dropped and made again as it was",
      "alter table t add column x int",
      "alter table t drop column x; alter table t drop column size; alter table t add column size int",
      "public.t.size is dropped and made again without its values",
    ],
    [
      "a table dropped and made again as it was",
      "comment on table t is 'x'",
      "drop table t; create table t (id int primary key, name text, size int)",
      "public.t is dropped and made again without its 2 rows",
    ],
    [
      "rows behind a DO block",
      "do $$ begin update t set name = 'x'; end $$",
      "select 1",
      "public.t.name holds other values",
    ],
  ])("are missed and named: %s", async (_name, up, down, problem) => {
    const trial = await tried(filled, up, down);
    expect(trial.verdict).toBe("fail");
    expect(trial.why).toBe(`its rollback does not bring the rows back: ${problem}`);
  });

  test("are not asked back from a rollback that says it is lossy, and what is lost is told", async () => {
    const trial = await tried(filled, "update t set name = upper(name)", "select 1", {
      kind: "lossy",
      reason: "names are only ever shown in capitals",
    });
    expect(trial.verdict).toBe("pass");
    expect(trial.tables[0]?.problems).toEqual(["public.t.name holds other values"]);
  });

  test("of a column that the migration itself drops are told, and no failure of the rollback", async () => {
    const trial = await tried(filled, "alter table t drop column size", "alter table t add column size int");
    expect(trial).toMatchObject({ verdict: "pass", tables: [{ dropped: ["size"], problems: [] }] });
  });

  test("beyond the cap are hashed as far as the key leads, and only counted without one", async () => {
    const many =
      "create table t (id int primary key, v int); insert into t select i, i from generate_series(1, 50) i; create table u as table t";
    const up = "update t set v = 0 where id = 40; update u set v = 0 where id = 40";
    expect(await tried(many, up, "select 1", { cap: 10 })).toMatchObject({
      verdict: "pass",
      tables: [
        { table: "public.t", compared: "first" },
        { table: "public.u", compared: "none" },
      ],
    });
    const near = await tried("select 1", up.replaceAll("40", "4"), "select 1", { cap: 10 });
    expect(near.why).toBe("its rollback does not bring the rows back: public.t.v holds other values");
  });

  test("that stop the migration or its rollback fail it, with the place in the file", async () => {
    const up = await tried(filled, "alter table t add column x int not null", "alter table t drop column x");
    expect(up.verdict).toBe("fail");
    expect(up.why).toContain('2_it.sql:1:1: column "x" of relation "t" contains null values');
    const down = await tried(
      "select 1",
      "update t set name = null; alter table t alter column name drop not null",
      "alter table t alter column name set not null",
    );
    expect(down.why).toContain("rollbacks/2_it.sql:1:1");
  });

  test("generated ones stop nothing, and are told", async () => {
    const trial = await tried(
      "create table t (id int primary key)",
      "alter table t add constraint big check (id > 1000)",
      "alter table t drop constraint big",
    );
    expect(trial.verdict).toBe("no-data");
    expect(trial.why).toContain("with rows in its tables it cannot be applied");
  });
});

test("rows are generated for every type, key, reference, check, domain, enum and partition, the same each time", async () => {
  await db.script(`
    create type mood as enum ('ok', 'bad');
    create type pair as (a int, b text);
    create domain amount as numeric(6, 2) not null check (value > 10);
    create domain code as text check (value ~ '^[A-Z]{3}$');
    create table customers (
      id bigint generated always as identity primary key, name text not null check (length(name) > 2),
      mail text not null unique check (mail like '%@%'), born date check (born < '2000-01-01'), m mood not null,
      price amount, of_code code not null, twice int generated always as (price * 2) stored,
      tags text[] not null, doc jsonb not null, at timestamptz not null default now(), key uuid not null unique,
      ip inet not null, raw bytea not null check (octet_length(raw) = 32), span int4range not null, p pair not null,
      flag bool not null, short varchar(3) not null, iv interval not null, b bit(3) not null, parent bigint references customers
    );
    create table orders (
      id serial primary key, customer bigint not null references customers on delete cascade,
      "state" text not null default 'new' check ("state" in ('new', 'paid')), "low" int not null, high int not null check (high > "low"),
      unique (customer, "low")
    );
    create table items (o int not null, n smallint, primary key (o, n), foreign key (o) references orders);
    create table parts (day date not null, v int) partition by range (day);
    create table parts_1 partition of parts for values from ('2020-01-01') to ('2021-01-01');
    create table odd (p point not null, x tsvector not null, c "char" not null);
    create table impossible (v int not null check (v > 1 and v < 1));
  `);
  const tables = ["items", "parts", "odd", "impossible", "customers"];
  const fill = () =>
    db
      .transaction(async () => {
        const oids = await db.query<{ oid: string }>(
          "select t::regclass::oid::text as oid from unnest($1::text[]) t",
          [tables],
        );
        const done = await fillTables(
          db,
          oids.map(({ oid }) => Number(oid)),
        );
        const rows = await db.query("select customer, low, high, state from orders order by id");
        throw Object.assign(new Error("undo"), { done, rows });
      })
      .catch((error: Error & { done: unknown; rows: unknown }) => {
        if (error.message !== "undo") throw error;
        return { done: error.done, rows: error.rows };
      });
  const first = await fill();
  expect(first.done).toEqual([
    { table: "public.customers", rows: 3, why: null },
    { table: "public.orders", rows: 3, why: null },
    { table: "public.items", rows: 3, why: null },
    { table: "public.parts", rows: 3, why: null },
    { table: "public.odd", rows: 3, why: null },
    expect.objectContaining({
      table: "public.impossible",
      rows: 0,
      why: expect.stringContaining("impossible_v_check"),
    }),
  ]);
  expect(first.rows).toHaveLength(3);
});

import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { invertFile, suggestRollbacks } from "./suggest-rollback.ts";

let postgres: ScratchPostgres;
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterAll(() => postgres?.remove());

const base = `create table t (id int primary key, name text not null default 'x', size int);
create view v as select id from t;
create function f(n int) returns int language sql as 'select n';
create index t_name on t (name);
create policy p on t for select using (size > 1);
alter table t add constraint big check (size > 0);
create function tr() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before update on t for each row execute function tr();
grant select on t to public;`;

async function suggest(up: string) {
  const migrations = [
    await sqlMigration("1_base", base, "select 1"),
    await sqlMigration("2_it", up, "select 1"),
  ];
  const [found] = await suggestRollbacks(postgres.adminUrl, migrations, new Set(["2_it"]), { roles: true });
  return found!;
}

test.each([
  ["create table u (id int); create index i on u (id); create view w as select * from u"],
  ["alter table t add column note text, add constraint c check (note <> ''); create role guest"],
  [
    "alter table t rename to things; alter table things rename column size to extent; alter table things add column x int",
  ],
  ["drop view v; drop index t_name; drop policy p on t; drop trigger touch on t; drop function f(int)"],
  ["create or replace view v as select id, 1 as one from t where id > 0; select 1"],
  ["create or replace function f(n int) returns int language sql as 'select n + 1'"],
  [
    "alter table t alter column name drop default, alter column name drop not null, alter column name type varchar(50)",
  ],
  [
    "alter table t drop constraint big; alter table t enable row level security; alter table t force row level security",
  ],
  [
    "create type mood as enum ('a'); create domain d as int; create sequence s; create schema app; create table app.t (id int)",
  ],
  ["revoke select on t from public; grant insert on t to public"],
  ["comment on table t is 'it''s'"],
])("what can be taken back is suggested and proved: %s", async (up) => {
  const { sql, proved, remarks } = await suggest(up);
  if (up.includes("replace view") || up.includes("select 1")) {
    // A view cannot lose a column by replacing it, and nobody knows what a query did.
    expect(proved).toBe(false);
    expect(sql).toContain("-- not known how to take back: select 1");
    return;
  }
  expect(remarks, sql).toEqual([]);
  expect(proved, sql).toBe(true);
});

test("rows and dropped tables are told as what nobody can take back", async () => {
  const { sql, proved } = await suggest("drop table t cascade; create table z (id int); update z set id = 1");
  expect(sql.split("\n")).toEqual([
    "-- not known how to take back: update z set id = 1",
    'drop table "z";',
    "-- not known how to take back: drop table t cascade",
  ]);
  expect(proved).toBe(false);
});

test("without a database what makes something new is taken back", async () => {
  const of = (text: string) => invertFile({ file: "1_a.sql", text });
  expect(
    await of(
      "create table a (id int);\nalter table a enable row level security;\ncreate index concurrently i on a (id);",
    ),
  ).toBe('drop index concurrently "i";\nalter table "a" disable row level security;\ndrop table "a";');
  expect(await of("update t set a = 1")).toBe(null);
});

import { expect, test } from "vitest";
import { parseSql } from "../sql/parse-sql.ts";
import { classifyStatements } from "./classify-statements.ts";

async function breaches(sql: string): Promise<(string | null)[]> {
  return classifyStatements(await parseSql({ file: "1_a.sql", text: sql })).map(({ breaks }) => breaks);
}

test.each([
  ["drop table t", "drops table t"],
  ["drop view v", "drops view v"],
  ["drop function f(int)", "drops function f"],
  ["drop type mood", "drops type mood"],
  ["drop schema s", "drops schema s"],
  ["drop sequence s", "drops sequence s"],
  ["drop extension hstore", "drops extension hstore"],
  ["alter table t drop column c", "drops column c of t"],
  ["alter table t alter column c type bigint", "changes the type of column c of t"],
  ["alter table t alter column c set not null", "makes column c of t demand a value"],
  ["alter table t add column c int not null", "adds column c to t, which demands a value and has no default"],
  ["alter table t rename to u", "renames table t"],
  ["alter table t rename column c to d", "renames column c of t"],
  ["alter view v rename to w", "renames view v"],
  ["alter function f(int) rename to g", "renames function f"],
  ["alter schema s rename to r", "renames schema s"],
  ["alter type mood rename to moods", "renames type mood"],
  ["alter type mood rename value 'a' to 'b'", "renames a value of type mood"],
  ["alter type pair rename attribute a to b", "renames column a of pair"],
  ["alter table t set schema s", "moves table t to another schema"],
  ["drop owned by app", "drops what a role owns"],
  ["drop table if exists t; create table t (id int)", "drops table t"],
  [
    "alter table t add column c int; update t set c = 1; alter table t alter c set not null",
    "makes column c of t demand a value",
  ],
])("an expand migration may not: %s", async (sql, why) => {
  const found = await breaches(`select 1;\n ${sql};`);
  expect(found.filter((breaks) => breaks !== null)).toEqual([why]);
});

test.each([
  "create table t (id int); alter table public.t drop column id; drop table t",
  "create table t (id int); alter table t rename to u; alter table u add column c int not null default 1",
  "create table t (id int); alter table t alter column id type bigint, alter column id set not null",
  "alter table t add column c int not null default 0",
  "alter table t add column c bigserial not null",
  "alter table t add column c int generated always as identity not null",
  "alter table t add column c int; alter table t alter c set default 1; alter table t alter c set not null",
  "alter table t add column c int; alter table t alter column c type bigint; alter table t drop column c",
  "alter table t add column c int; alter table t rename column c to d",
  "drop index i; drop trigger tr on t; drop policy p on t; alter table t drop constraint c, alter c drop not null",
  "drop view v; create view v as select 1",
  "drop function f(int); create function f(int, int) returns int language sql as 'select 1'",
  "create type mood as enum ('a'); alter type mood rename value 'a' to 'b'; drop type mood",
  "alter type mood add value 'c'",
  "alter table t rename constraint a to b; alter index i rename to j",
  "create temp table x (id int); drop table x",
  "create table x as select 1 as id; drop table x",
  "create function f() returns void language plpgsql as $$ begin drop table t; end $$",
])("an expand migration may: %s", async (sql) => {
  expect((await breaches(sql)).filter((breaks) => breaks !== null)).toEqual([]);
});

import { expect, test } from "vitest";
import { parseSql } from "../sql/parse-sql.ts";
import { classifyRollback } from "./classify-rollback.ts";

const classify = async (text: string) => classifyRollback(await parseSql({ file: "1_a.sql", text }));

test.each([
  "drop table t",
  "drop table if exists t, u cascade",
  "alter table t drop column c",
  "alter table t alter column c type int",
  "delete from t",
  "update t set a = 1",
  "truncate t",
  "with gone as (delete from t returning *) select count(*) from gone",
  "insert into t values (1) on conflict (id) do update set a = 1",
  "merge into t using u on t.id = u.id when matched then delete",
  "do $$ begin delete from t; end $$",
  "call tidy()",
  "select app.tidy()",
  "select unheard_of(1)",
  "drop sequence s",
  "drop schema s cascade",
  "drop extension hstore",
  "drop type mood cascade",
  "drop owned by app",
  "create table t2 (id int); drop table t",
])("%s may lose data", async (sql) => {
  expect(await classify(sql)).toBe("lossy");
});

test.each([
  "drop view v; drop materialized view m; drop function f; drop index i; drop trigger tr on t",
  "drop policy p on t; drop type mood; drop schema s; drop rule r on t; drop view v cascade",
  "alter table t alter column c drop not null, drop constraint k, alter d set default 1",
  "alter table t rename to u; alter table u rename column a to b",
  "alter table t add column c int; alter table t alter column c type bigint",
  "create temp table x as select 1 as id; update x set id = 2; drop table x",
  "select id into temp y from t; drop table y",
  "alter table t add column c int; alter table t drop column c",
  "insert into t values (1), (2)",
  "insert into t values (1) on conflict do nothing",
  "select set_config('search_path', 'app', false); select pg_notify('pgrst', 'reload schema')",
  "revoke all on t from app; comment on table t is 'x'",
  "create or replace function f() returns int language sql as 'delete from t returning 1'",
  "create rule r as on insert to t do instead delete from u",
])("%s loses nothing", async (sql) => {
  expect(await classify(sql)).toBe("lossless");
});

import { describe, expect, test } from "vitest";
import { fileRules } from "./file-rules.ts";
import { type LintOptions, type LintSource, lintMigrations } from "./lint-migrations.ts";
import { rules } from "./rules.ts";

const now = new Date("2026-06-01T12:00:00Z");

const migration = (up: string, down: string | null = "select 1;", id = "1_a"): LintSource => ({
  up: { file: `${id}.sql`, text: up },
  rollback: down === null ? null : { file: `rollbacks/${id}.sql`, text: down },
});

async function lint(sources: LintSource[], options: Partial<LintOptions> = {}) {
  return lintMigrations(sources, { now, supabase: true, ...options });
}

/** The codes found in one migration, those of its rollback left out. */
async function codesOf(up: string, options: Partial<LintOptions> = {}): Promise<string[]> {
  const found = await lint([migration(up)], options);
  return found.filter(({ file, waiver }) => file === "1_a.sql" && waiver === null).map(({ code }) => code);
}

/** For each rule: what it finds, and what it leaves alone. */
const cases: Readonly<Record<string, { finds: string[]; leaves: string[] }>> = {
  ML001: { finds: ["selec 1;"], leaves: ["select 1;"] },
  ML002: {
    finds: [
      "begin; select 1;",
      "commit;",
      "copy t from stdin;",
      "\\set a 1\nselect 1;",
      "select 1 from slipway.runs;",
    ],
    leaves: ["select 1; -- begin;", "do $$ begin perform 1; end $$;", "copy t from '/srv/rows.csv';"],
  },
  ML003: { finds: ["-- slipway: contrat\nselect 1;"], leaves: ["-- slipway: contract\nselect 1;"] },
  ML004: {
    finds: [
      "-- slipway: allow ML201\nselect 1;",
      "-- slipway: allow ML999 until 2027-01-01 because x\nselect 1;",
      "-- slipway: allow ML201 until 2027-02-30 because x\ncreate index i on t (a);",
    ],
    leaves: ["-- slipway: allow ML201 until 2027-01-01 because t is small\ncreate index i on t (a);"],
  },
  ML005: {
    finds: ["-- slipway: allow ML201 until 2026-05-31 because t is small\ncreate index i on t (a);"],
    leaves: ["-- slipway: allow ML201 until 2026-06-01 because t is small\ncreate index i on t (a);"],
  },
  ML006: {
    finds: ["-- slipway: allow ML201 until 2027-01-01 because t is small\nselect 1;"],
    leaves: ["create index i on t (a); -- slipway: allow ML201 until 2027-01-01 because t is small"],
  },
  ML007: { finds: ["", "-- nothing"], leaves: ["select 1;"] },
  ML008: { finds: [], leaves: ["-- slipway: irreversible why\nselect 1;"] },
  ML101: {
    finds: ["drop table t;", "alter table t drop column c;", "alter table t add column c int not null;"],
    leaves: [
      "-- slipway: contract\ndrop table t;",
      "-- slipway: allow ML101 until 2027-01-01 because no app uses it\ndrop table t;",
      "alter table t add column c int not null default 1;",
    ],
  },
  ML102: {
    finds: [
      "alter type mood add value 'new'; insert into t values ('new');",
      "alter type mood add value 'new'; select feel('new'::mood);",
      "alter type mood add value 'new'; select feel(m) from t where m = 'new';",
    ],
    leaves: [
      "alter type mood add value 'new'; create policy p on t using (app.may(id, 'new'));",
      "alter type mood add value 'new'; insert into words values ('new'::text);",
      "create type mood as enum ('a'); alter type mood add value 'new'; insert into t values ('new');",
      "alter type mood add value 'new'; alter type mood add value 'newer' after 'new';",
      "alter type mood add value 'new'; comment on type mood is 'new';",
    ],
  },
  ML103: {
    finds: ["create index concurrently i on t (a); select 1;"],
    leaves: ["create index concurrently i on t (a);", "vacuum t;"],
  },
  ML201: {
    finds: ["create index on t (a);", "create unique index on public.t (a);"],
    leaves: [
      "create index concurrently i on t (a);",
      "create table public.n (a int); create index on n (a);",
    ],
  },
  ML202: {
    finds: [
      "alter table t add column c uuid default gen_random_uuid();",
      "alter table t add column c bigserial;",
    ],
    leaves: [
      "alter table t add column c timestamptz default now();",
      "alter table t add column c int default 0;",
      "create table n (a int); alter table n add column c bigserial;",
    ],
  },
  ML203: {
    finds: ["-- slipway: contract\nalter table t alter column c type bigint;"],
    leaves: ["create table n (c int); alter table n alter column c type bigint;"],
  },
  ML204: {
    finds: ["vacuum full t;", "cluster t using i;", "refresh materialized view m;"],
    leaves: ["refresh materialized view concurrently m;", "vacuum t;"],
  },
  ML205: {
    finds: [
      "alter table t add constraint k check (a > 0);",
      "alter table t add constraint k foreign key (a) references u (id);",
      "alter table t add column c int check (c > 0);",
    ],
    leaves: [
      "alter table t add constraint k check (a > 0) not valid;",
      "alter table t validate constraint k;",
      "alter table t add column c int references u (id);",
    ],
  },
  ML206: {
    finds: ["-- slipway: contract\nalter table t alter column c set not null;"],
    leaves: ["alter table t alter column c drop not null;"],
  },
  ML207: {
    finds: ["alter table t add constraint k unique (a);", "alter table t add primary key (a);"],
    leaves: ["alter table t add constraint k unique using index i;"],
  },
  ML208: {
    finds: ["alter table t add column c int; update t set c = 1;"],
    leaves: [
      "update t set c = 1; alter table t add column c int;",
      "alter table t add column c int; insert into u values (1);",
      "create table n (a int); alter table n add column c int; update n set c = 1;",
    ],
  },
  ML209: {
    finds: ["alter table t add column c int;"],
    leaves: ["set local lock_timeout = '2s'; alter table t add column c int;"],
  },
  ML301: {
    finds: ["create table n (a int);"],
    leaves: [
      "create table n (a int); alter table public.n enable row level security;",
      "create table private.n (a int);",
      "create temp table n (a int);",
      "create table n (a int); drop table n;",
      "create table n (a int); do $$ begin execute 'alter table n enable row level security'; end $$;",
    ],
  },
  ML302: {
    finds: ["create table n (a int);"],
    leaves: [
      "create table n (a int); grant select on n to authenticated;",
      "create table n (a int); revoke all on public.n from anon;",
      "create table n (a int); grant all on all tables in schema public to service_role;",
      "alter default privileges in schema public grant select on tables to authenticated; create table n (a int);",
    ],
  },
  ML303: {
    finds: ["create function f() returns int language sql security definer as 'select 1';"],
    leaves: [
      "create function f() returns int language sql security definer set search_path = '' as 'select 1';",
      "create function f() returns int language sql as 'select 1';",
      "create function f() returns int language sql security definer as 'select 1'; alter function f() set search_path = '';",
    ],
  },
  ML304: {
    finds: ["create function f() returns int language sql security definer as 'select 1';"],
    leaves: [
      "create function f() returns int language sql security definer as 'select 1'; revoke execute on function f() from public;",
      "create function f() returns trigger language plpgsql security definer as 'begin return new; end';",
    ],
  },
  ML305: {
    finds: ["create view v as select 1;"],
    leaves: [
      "create view v with (security_invoker = true) as select 1;",
      "create view v as select 1; alter view v set (security_invoker = on);",
      "create view private.v as select 1;",
    ],
  },
  ML401: { finds: ["lock table t;", "savepoint a;"], leaves: ["do $$ begin lock table t; end $$;"] },
  ML402: {
    finds: ["set statement_timeout = 0;"],
    leaves: ["set local statement_timeout = 0;", "reset all;"],
  },
};

describe.each(Object.entries(cases))("rule %s", (code, { finds, leaves }) => {
  if (finds.length > 0)
    test.each(finds)("finds: %s", async (sql) => expect(await codesOf(sql)).toContain(code));
  test.each(leaves)("leaves alone: %s", async (sql) => expect(await codesOf(sql)).not.toContain(code));
});

test("every rule has its cases", () => {
  const codes = [...Object.values(fileRules), ...rules].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => !(code in cases))).toEqual(["ML501"]);
});

test("a rollback that is missing or does nothing is found, one that has nothing to undo is not", async () => {
  const codes = async (up: string, down: string | null) => {
    const found = await lint([migration(up, down)], { supabase: false });
    return found.map(({ code, file }) => `${file} ${code}`);
  };
  expect(await codes("create table t (a int);", null)).toEqual(["1_a.sql ML008"]);
  expect(await codes("create table t (a int);", "select 1;")).toEqual(["rollbacks/1_a.sql ML501"]);
  expect(await codes("create table t (a int);", "-- later")).toEqual(["rollbacks/1_a.sql ML007"]);
  expect(await codes("create table t (a int);", "drop table t;")).toEqual([]);
  expect(await codes("select set_config('a.b', 'c', true);", "select 1;")).toEqual([]);
});

test("the rules for Supabase are silent elsewhere", async () => {
  const sql = "create table n (a int); create view v as select 1; lock table t; set statement_timeout = 0;";
  expect(await codesOf(sql, { supabase: false })).toEqual([]);
});

test("a right that an earlier file took away outlives the function's replacement", async () => {
  const f =
    "create or replace function f() returns int language sql security definer set search_path = '' as 'select 1';";
  const revoke = migration(`${f} revoke execute on function f() from public;`, "select 1;", "1_a");
  const codes = async (sources: LintSource[]) =>
    (await lint(sources)).map(({ file, code }) => `${file} ${code}`);
  expect(await codes([revoke, migration(f, "drop function f();", "2_b")])).not.toContain("2_b.sql ML304");
  expect(await codes([migration(f, "drop function f();", "2_b")])).toContain("2_b.sql ML304");
});

test("a finding has line, column and bytes, and a waived one stays with its reason", async () => {
  const text =
    "-- ä\nselect 1;\n  create index on t (a); -- slipway: allow ML201 until 2027-01-31 because t is small";
  const [finding] = await lint([migration(text)]);
  expect(finding).toMatchObject({
    code: "ML201",
    file: "1_a.sql",
    line: 3,
    column: 3,
    startByte: 18,
    endByte: 39,
  });
  expect(finding?.waiver).toEqual({ until: "2027-01-31", reason: "t is small" });
});

test("a waiver is for one statement: the next below, or the one on its line", async () => {
  const text = [
    "-- slipway: allow ML201 until 2027-01-31 because t is small",
    "create index a on t (a);",
    "create index b on t (b);",
  ].join("\n");
  const found = await lint([migration(text, null)], { rollbacks: false });
  expect(found.map(({ line, waiver }) => [line, waiver === null])).toEqual([
    [2, false],
    [3, true],
  ]);
});

test("what an earlier file of the same release made is empty, and what a later one secures is secured", async () => {
  const sources = [
    migration("create table n (a int);", "drop table n;", "1_a"),
    migration("create index on n (a);", "drop index n_a_idx;", "2_b"),
    migration("alter table n enable row level security; grant select on n to anon;", "select 1;", "3_c"),
  ];
  const codes = async (options: Partial<LintOptions>) =>
    (await lint(sources, options))
      .filter(({ file }) => !file.startsWith("rollbacks"))
      .map(({ code }) => code);
  expect(await codes({})).toEqual(["ML201", "ML209"]);
  expect(await codes({ together: true })).toEqual([]);
  expect(await codes({ together: true, judged: new Set(["2_b.sql"]) })).toEqual(["ML201"]);
});

test("a squashed migration is not judged: it runs on new databases only, and its parts were judged before", async () => {
  const risky = "create table t (a int);\nalter table t drop column a;\nvacuum t;";
  const line = `-- slipway: replaces 0_z ${"a".repeat(64)} irreversible\n`;
  expect(await lint([migration(risky)])).not.toEqual([]);
  expect(await lint([migration(`${line}${risky}`)])).toEqual([]);
});

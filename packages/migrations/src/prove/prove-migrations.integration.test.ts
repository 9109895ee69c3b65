import { connect } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { describeDifference } from "../catalog/diff-fingerprints.ts";
import { type MigrationProof, proveMigrations } from "./prove-migrations.ts";

let postgres: ScratchPostgres;
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterAll(() => postgres?.remove());

const base = () => sqlMigration("1_base", "create table t (id int primary key, name text);", "drop table t;");

/** Proves pairs of up and rollback, each on top of the ups before it and of the table `t (id, name)`. */
async function prove(
  pairs: readonly (readonly [up: string, down: string | null])[],
): Promise<MigrationProof[]> {
  const migrations = pairs.map(([up, down], index) => sqlMigration(`${index + 2}_it`, up, down));
  const [first, ...proofs] = await proveMigrations(
    postgres.adminUrl,
    await Promise.all([base(), ...migrations]),
  );
  expect(first).toMatchObject({ id: "1_base", verdict: "pass" });
  return proofs;
}

test("rollbacks that lead back pass, whatever they are made of", async () => {
  const proofs = await prove([
    ["alter table t add column note text not null default ''", "alter table t drop column note"],
    ["create view v as select id from t; grant select on v to public", "drop view v"],
    [
      "alter table t enable row level security; create policy p on t using (true)",
      "drop policy p on t; alter table t disable row level security",
    ],
    [
      "create type mood as enum ('a'); alter table t add column m mood",
      "alter table t drop column m; drop type mood",
    ],
    ["create index concurrently i on t (name)", "drop index concurrently i"],
    ["grant select on t to public", "revoke select on t from public"],
    ["comment on table t is 'x'", "comment on table t is null"],
    ["alter table t rename to u", "alter table u rename to t"],
    ["set search_path = pg_temp; create temp table x (id int)", "select 1"],
    ["alter table u drop column note", null],
  ]);
  expect(
    proofs.map(({ verdict, why, differences, reordered }) => ({ verdict, why, differences, reordered })),
  ).toEqual(proofs.map(() => ({ verdict: "pass", why: null, differences: [], reordered: [] })));
});

test("a column that comes back in another place is told, and no failure", async () => {
  const [proof] = await prove([
    ["alter table t drop column id", "alter table t add column id int primary key"],
  ]);
  expect(proof).toMatchObject({ verdict: "pass", reordered: ["public.t"] });
});

test("rollbacks that lie are caught, and what they leave or take is named", async () => {
  const lies: [up: string, down: string, differences: string[]][] = [
    [
      "create table x (id int)",
      "select 1",
      ["column public.x.id is left over", "table public.x is left over"],
    ],
    [
      "create table y (id int); drop table y",
      "alter table t drop column name",
      ["column public.t.name is gone"],
    ],
    ["create index i on t (name)", "drop index if exists j", ["index public.i is left over"]],
    ["grant select on t to public", "select 1", ["table public.t is different"]],
    ["create policy p on t using (true)", "select 1", ["policy public.t.p is left over"]],
    ["alter table t alter column name set default 'x'", "select 1", ["column public.t.name is different"]],
    [
      "alter default privileges grant select on tables to public",
      "select 1",
      ["default privileges for postgres on r is left over"],
    ],
  ];
  const proofs = await prove(lies.map(([up, down]) => [up, down]));
  expect(proofs.map(({ why, differences }) => [why, differences.map(describeDifference)])).toEqual(
    lies.map(([, , differences]) => ["its rollback does not lead back", differences]),
  );
  expect(proofs.every(({ verdict }) => verdict === "fail")).toBe(true);
});

test("a rollback that fails is told with the place in its file", async () => {
  const [proof] = await prove([["create view v as select 1", "select 1;\ndrop view w"]]);
  expect(proof?.why).toBe(
    'its rollback fails: rollbacks/2_it.sql:2:1: view "w" does not exist (SQLSTATE 42P01)\n    2 | drop view w',
  );
});

test("an up that leads elsewhere the second time fails", async () => {
  const counting = `do $$ begin
    execute format('create view v%s as select 1', (select count(*) from pg_attribute where attrelid = 't'::regclass));
  end $$;
  alter table t add column x int`;
  const tidying = `do $$ declare v text; begin
    for v in select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace loop
      execute 'drop view ' || v;
    end loop;
  end $$;
  alter table t drop column x`;
  const [proof] = await prove([[counting, tidying]]);
  expect(proof).toMatchObject({ verdict: "fail", why: "applied again, it leads elsewhere" });
});

test("after a pair that fails the next ones are proved from its up; after an up that fails they are not tried", async () => {
  const proofs = await proveMigrations(postgres.adminUrl, [
    await base(),
    await sqlMigration("2_lies", "alter table t add column note text", "select 1"),
    await sqlMigration("3_fine", "create index i on t (note)", "drop index i"),
    await sqlMigration("4_broken", "alter table nowhere add column x int", "select 1"),
    await sqlMigration("5_after", "select 1", "select 1"),
  ]);
  expect(proofs.map(({ id, verdict }) => [id, verdict])).toEqual([
    ["1_base", "pass"],
    ["2_lies", "fail"],
    ["3_fine", "pass"],
    ["4_broken", "fail"],
    ["5_after", "no-data"],
  ]);
  expect(proofs[3]?.why).toContain('4_broken.sql:1:1: relation "nowhere" does not exist');
  expect(proofs[4]?.why).toBe('migration "4_broken" before it cannot be applied');
});

test("the databases made for proofs are gone after them", async () => {
  const admin = await connect(postgres.adminUrl);
  await expect(
    proveMigrations(postgres.adminUrl, [await base()], { signal: AbortSignal.abort() }),
  ).rejects.toThrow();
  expect(await admin.query("select datname from pg_database where datname like 'slipway_proof%'")).toEqual(
    [],
  );
  await admin.end();
});

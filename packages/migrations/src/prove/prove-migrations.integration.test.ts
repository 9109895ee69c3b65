import { connect } from "@slipway/ledger";
import {
  DEBIAN_POSTGRES,
  debianPostgres,
  type ScratchPostgres,
  scratchPostgres,
} from "@slipway/toolchain/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { describeDifference } from "../catalog/diff-fingerprints.ts";
import { fingerprint } from "../catalog/fingerprint.ts";
import { type MigrationProof, proveMigrations } from "./prove-migrations.ts";

const base = () =>
  sqlMigration(
    "1_base",
    "create table t (id int primary key, name text, note text default 'n');",
    "drop table t;",
  );

describe.each([
  ["the embedded Postgres", () => scratchPostgres()],
  [`Debian's Postgres ${DEBIAN_POSTGRES}`, () => debianPostgres()],
])("on %s", (_name, start) => {
  let postgres: ScratchPostgres;
  let missing: string | null = null;
  beforeAll(async () => {
    const started = await start();
    if (typeof started === "string") missing = started;
    else postgres = started;
  });
  beforeEach(({ skip }) => skip(missing !== null, missing ?? ""));
  afterAll(() => postgres?.remove());

  /** Proves pairs of up and rollback, each on top of the ups before it and of the table `t (id, name)`. */
  async function prove(
    pairs: readonly (readonly [up: string, down: string | null])[],
  ): Promise<MigrationProof[]> {
    const migrations = pairs.map(([up, down], index) => sqlMigration(`${index + 2}_it`, up, down));
    const report = await proveMigrations(postgres.adminUrl, await Promise.all([base(), ...migrations]), {
      roles: true,
    });
    const [first, ...proofs] = report.proofs;
    expect(first).toMatchObject({ id: "1_base", verdict: "pass" });
    return proofs;
  }

  test("rollbacks that lead back pass, whatever they are made of", async () => {
    const proofs = await prove([
      ["alter table t add column size text not null default ''", "alter table t drop column size"],
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
      ["create sequence s owned by t.id", "drop sequence s"],
      ["alter table t rename to u", "alter table u rename to t"],
      ["set search_path = pg_temp; create temp table x (id int)", "select 1"],
      ["alter table u drop column size", null],
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
        "create sequence s owned by t.id",
        "drop sequence s; create sequence s",
        ["sequence public.s is left over"],
      ],
      ["create role visitor", "select 1", ["role visitor is left over"]],
      [
        "revoke all on t from public",
        "drop policy if exists q on t; alter table t owner to visitor",
        ["sequence public.s is different", "table public.t is different"],
      ],
      [
        "create unique index u on t (name) where note is not null",
        "drop index u; create index u on t (name)",
        ["index public.u is left over"],
      ],
      [
        "alter default privileges grant select on tables to public",
        "select 1",
        ["default privileges for postgres on r is left over"],
      ],
      [
        "alter table t drop column note",
        "alter table t add column note text",
        ["column public.t.note is different", "index public.u is gone"],
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
    const { proofs } = await proveMigrations(postgres.adminUrl, [
      await base(),
      await sqlMigration("2_lies", "alter table t add column colour text", "select 1"),
      await sqlMigration("3_fine", "create index i on t (colour)", "drop index i"),
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

  test("all rollbacks in a row lead to where the first began, and all ups back", async () => {
    const chain = await Promise.all([
      base(),
      sqlMigration("2_colour", "alter table t add column colour text", "alter table t drop column colour"),
      sqlMigration("3_final", "alter table t drop column name", null),
      sqlMigration("4_size", "alter table t add column size int", "alter table t drop column size"),
      sqlMigration("5_i", "create index i on t (size)", "drop index i"),
    ]);
    const { chain: ended } = await proveMigrations(postgres.adminUrl, chain);
    // Back to the one that cannot be undone, and no further.
    expect(ended).toMatchObject({ verdict: "pass", why: null, length: 2 });
    const only = await proveMigrations(postgres.adminUrl, chain, { only: new Set(["5_i"]) });
    expect(only.proofs.map(({ id }) => id)).toEqual(["5_i"]);
    expect(only.chain).toBeNull();
  });

  test("on a copy of a database its own rows are tried, and the database stays as it is", async () => {
    const url = await postgres.createDatabase(`shop_${Math.random().toString(36).slice(2, 8)}`);
    const name = new URL(url).pathname.slice(1);
    const shop = await connect(url);
    await shop.script(
      "create table t (id int primary key, name text); insert into t values (1, 'a'), (2, null)",
    );
    const before = await fingerprint(shop);
    await shop.end();
    const { proofs } = await proveMigrations(
      postgres.adminUrl,
      await Promise.all([
        base(),
        sqlMigration(
          "2_need",
          "alter table t alter column name set not null",
          "alter table t alter column name drop not null",
        ),
      ]),
      { template: name, applied: new Set(["1_base"]) },
    );
    expect(proofs).toHaveLength(1);
    expect(proofs[0]?.why).toContain('2_need.sql:1:1: column "name" of relation "t" contains null values');
    const after = await connect(url);
    expect((await fingerprint(after)).hash).toBe(before.hash);
    await after.end();
  });
});

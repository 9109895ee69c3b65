import { connect } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScratchProject, scratchProject } from "../../../testing/scratch-project.ts";

let project: ScratchProject;
let postgres: ScratchPostgres;

beforeAll(async () => {
  const migrations = [
    {
      id: "20260101000001_things",
      up: "create table things (id int primary key);\n",
      down: "drop table things;\n",
    },
    {
      id: "20260102000001_colour",
      up: "alter table things add column colour text;\n",
      down: "alter table things drop column colour;\n",
    },
  ];
  project = await scratchProject(migrations, []);
  postgres = await scratchPostgres();
});
afterAll(async () => {
  postgres?.remove();
  await project?.remove();
});

interface View {
  readonly verdict: string;
  readonly places: { readonly kind: string; readonly words: string }[];
  readonly proofs: {
    readonly id: string;
    readonly verdict: string;
    readonly place: string;
    readonly ms: number;
  }[];
  readonly chains: { readonly verdict: string; readonly length: number }[];
}

async function prove(...words: string[]): Promise<{ code: number; stderr: string; view: View }> {
  const { code, stdout, stderr } = await project.slipway(["migrate", "prove", "--output", "json", ...words]);
  return { code, stderr, view: JSON.parse(stdout) };
}

test("new migrations are proved on an embedded server, with their rows and the whole chain", async () => {
  const { code, stdout, stderr } = await project.slipway(["migrate", "prove"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("proving 2 of 2 migrations on an embedded Postgres 18");
  expect(stderr).toMatch(/proved {2}20260102000001_colour {2}\d+ ms/);
  expect(stderr).toContain("rows: public.things 3 generated rows");
  expect(stderr).toMatch(/proved {2}all 2 rolled back and applied again/);
  expect(stdout).toBe("2 of 2 migrations proved\n");
});

test("on a copy of a database what it lacks meets its rows, what it has is proved from nothing, and it stays as it is", async () => {
  const url = await postgres.createDatabase("shop");
  const shop = await connect(url);
  await shop.script(
    `create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text primary key);
     insert into supabase_migrations.schema_migrations values ('20260101000001');
     create table things (id int primary key); insert into things values (7)`,
  );
  await shop.end();
  const { code, stderr, view } = await prove("--all", "--database", url);
  expect(code, stderr).toBe(0);
  expect(view.places.map(({ kind }) => kind)).toEqual(["copy", "embedded"]);
  expect(view.proofs.map(({ id, place, verdict }) => [id, place, verdict])).toEqual([
    ["20260102000001_colour", "copy", "pass"],
    ["20260101000001_things", "embedded", "pass"],
  ]);
  const after = await connect(url);
  expect(
    await after.query("select column_name::text from information_schema.columns where table_name = 'things'"),
  ).toEqual([{ column_name: "id" }]);
  // With somebody connected it cannot be copied, which is said.
  const busy = await prove("20260102000001", "--database", url);
  expect(busy.view.places).toEqual([
    { kind: "beside", words: "an empty database on the same server: 1 other connection is open to it" },
  ]);
  expect(busy.code, busy.stderr).toBe(0);
  expect(await after.query("select datname from pg_database where datname like 'slipway_proof%'")).toEqual(
    [],
  );
  await after.end();
});

test("migrations that make roles are never tried on a server that others use", async () => {
  project.write("migrations/20260103000001_role.sql", "create role app_reader;\n");
  project.write("migrations/rollbacks/20260103000001_role.sql", "drop role app_reader;\n");
  const { code, stderr, view } = await prove("--database", postgres.adminUrl);
  expect(code, stderr).toBe(0);
  expect(view.places[0]?.words).toContain("20260103000001_role may change the whole server");
  expect(view.places[0]?.kind).toBe("embedded");
});

test("a rollback that lies fails the run, and what it leaves is named with its file", async () => {
  project.write("migrations/rollbacks/20260103000001_role.sql", "select 1;\n");
  const { code, stdout, stderr } = await project.slipway([
    "migrate",
    "prove",
    "20260103000001_role",
    "--suggest",
  ]);
  expect(code).toBe(1);
  expect(stdout).toContain(
    '-- migrations/rollbacks/20260103000001_role.sql, suggested: run, and the catalog was what it was before\ndrop role "app_reader";',
  );
  expect(stderr).toContain("failed  20260103000001_role");
  expect(stderr).toContain(
    "migrations/rollbacks/20260103000001_role.sql:\n      role app_reader is left over",
  );
});

test("a run that would prove nothing is refused", async () => {
  project.commit();
  const cut = await project.slipway(["cut", "1.0.0", "--no-prove", "--reason", "a rehearsal"]);
  expect(cut.code, cut.stderr).toBe(0);
  for (const words of [[], ["--since", "1.0.0"]]) {
    const { code, stderr } = await project.slipway(["migrate", "prove", ...words]);
    expect(stderr).toContain("PROOF_EMPTY");
    expect(code).toBe(2);
  }
  const unknown = await project.slipway(["migrate", "prove", "20260102000001_color"]);
  expect(unknown.stderr).toContain("Did you mean 20260102000001_colour?");
  expect(unknown.code).toBe(64);
});

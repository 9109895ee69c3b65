import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, type Database } from "@slipway/ledger";
import { debianPostgres, type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fingerprint } from "../catalog/fingerprint.ts";
import { supabaseStandIns } from "../prove/supabase-stand-ins.ts";
import { readRlsTests } from "./read-rls-tests.ts";
import { asRole, rolledBack } from "./rls-session.ts";
import { rlsTest } from "./rls-test.ts";
import { type RlsReport, runRlsTests } from "./run-rls-tests.ts";

const ANN = "00000000-0000-4000-8000-00000000000a";
const BOB = "00000000-0000-4000-8000-00000000000b";
const schema = `
  create table public.notes (id int primary key, owner uuid not null, text text, locked boolean not null default false);
  alter table public.notes enable row level security;
  grant select, insert, update, delete on public.notes to authenticated;
  grant select on public.notes to anon;
  create policy own on public.notes to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
  create policy unlocked on public.notes as restrictive for update to authenticated using (not locked);
  create view public.my_notes with (security_invoker = true) as select * from public.notes;
  grant select on public.my_notes to authenticated;
`;

let postgres: ScratchPostgres;
let db: Database;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slipway-rls-"));
  postgres = await scratchPostgres();
  db = await connect(await postgres.createDatabase());
  await db.script(`${supabaseStandIns([{ up: schema, down: null }])};${schema}`);
});
afterAll(async () => {
  await db?.end();
  postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
});

let folders = 0;
async function tests(files: Readonly<Record<string, string>>) {
  const home = join(folder, String(++folders));
  mkdirSync(home);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  return readRlsTests(home);
}

const seed = `insert into notes values (1, '${ANN}', 'a', false), (2, '${BOB}', 'b', false), (3, '${ANN}', 'c', true);`;
const good = `${seed}
-- rls: test members see and change their own
-- rls: as authenticated {"sub": "${ANN}"}
-- rls: sees 2 rows
select * from notes;
-- rls: changes 1 row
update notes set text = 'x';
-- rls: cannot
insert into notes values (4, '${BOB}', 'd');
-- rls: can
insert into notes values (4, '${ANN}', 'd');
-- rls: test nobody else's, and locked ones not at all
-- rls: as authenticated {"sub": "${BOB}"}
-- rls: changes no rows
delete from notes where id = 1;
-- rls: as authenticated {"sub": "${ANN}"}
-- rls: cannot
update notes set text = 'x' where id = 3;
-- rls: as anon
-- rls: sees 0 rows
select * from notes;
`;

test("tests that meet every policy pass, notice each change of one, and leave nothing behind", async () => {
  const before = await fingerprint(db);
  const report = await runRlsTests(db, await tests({ "notes.sql": good }), { mutate: true });
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("pass");
  expect(report.tests.map(({ name, expectations }) => [name, expectations])).toEqual([
    ["members see and change their own", 4],
    ["nobody else's, and locked ones not at all", 3],
  ]);
  expect(
    report.policies.map(({ policy, exercised, mutations }) => [
      policy,
      exercised,
      mutations.map(({ change }) => change),
    ]),
  ).toEqual([
    ["notes.own", true, ["removed", "opened"]],
    ["notes.unlocked", true, ["removed"]],
  ]);
  expect((await fingerprint(db)).hash).toBe(before.hash);
  expect(await db.query("select count(*)::int as n from notes")).toEqual([{ n: 0 }]);
});

describe("a run that shows nothing fails", () => {
  const run = async (files: Readonly<Record<string, string>>, mutate = false): Promise<RlsReport> =>
    runRlsTests(db, await tests(files), { mutate });

  test("without a test", async () => {
    expect((await run({})).problems).toEqual(["there is no test"]);
  });

  test("with a test that expects nothing", async () => {
    const report = await run({ "a.sql": "-- rls: test nothing\nselect 1;" });
    expect(report).toMatchObject({
      verdict: "fail",
      tests: [{ verdict: "fail", why: "it expects nothing" }],
    });
  });

  test("with tests that meet no policy", async () => {
    const report = await run({
      "a.sql":
        "create table plain (id int); grant select on plain to anon;\n-- rls: as anon\n-- rls: sees 0 rows\nselect * from plain;",
    });
    expect(report.problems).toEqual([
      "no policy was met: the tests ran as roles, or on tables, for which none is in force",
    ]);
  });

  test("as a superuser or a role with BYPASSRLS", async () => {
    for (const [role, why] of [
      ["postgres", "it is a superuser"],
      ["service_role", "it has BYPASSRLS"],
      ["nobody_here", "there is no such role"],
    ]) {
      const report = await run({ "a.sql": `-- rls: as ${role}\n-- rls: can\nselect 1;` });
      expect(report.tests[0]?.why).toContain(`cannot test as "${role}": ${why}`);
    }
  });

  test("with an expectation that is not met, named with its place", async () => {
    const report = await run({
      "a.sql": `${seed}\n-- rls: as authenticated {"sub": "${ANN}"}\n-- rls: sees 3 rows\nselect * from notes;`,
    });
    expect(report.tests[0]?.why).toBe(
      `a.sql:4:1: as authenticated {"sub":"${ANN}"}: 2 rows instead of 3: select * from notes`,
    );
    expect(report.problems).toEqual(["1 of 1 tests failed"]);
  });

  test("with policies that no test would miss, which are named", async () => {
    const shallow = `${seed}\n-- rls: as authenticated {"sub": "${ANN}"}\n-- rls: can\nselect * from notes;\n-- rls: can\nupdate notes set text = 'x' where id = 1;`;
    const report = await run({ "a.sql": shallow }, true);
    expect(report.problems).toEqual([
      "no test noticed that notes.own was opened for everything",
      "no test noticed that notes.unlocked was removed",
    ]);
    expect(report.policies[0]?.mutations).toEqual([
      { change: "removed", noticedBy: "a.sql" },
      { change: "opened", noticedBy: null },
    ]);
  });
});

test("an expectation fails for any refusal but one for want of permission", async () => {
  const report = await runRlsTests(
    db,
    await tests({
      "a.sql": `-- rls: as authenticated {"sub": "${ANN}"}\n-- rls: cannot\ninsert into notes values (1 / 0, '${ANN}', 'a');`,
      "b.sql": `-- rls: as authenticated {"sub": "${ANN}"}\n-- rls: cannot\nselect * from nowhere;`,
    }),
  );
  expect(report.tests.map(({ verdict }) => verdict)).toEqual(["fail", "fail"]);
  expect(report.tests[1]?.why).toContain('relation "nowhere" does not exist');
});

test("TypeScript files and asRole see what SQL files see, through views of the invoker too", async () => {
  const module = new URL("./rls-test.ts", import.meta.url).href;
  const list = await tests({
    "notes.ts": `import { rlsTest } from ${JSON.stringify(module)};
      export default [rlsTest("own", async (rls) => {
        await rls.seed(${JSON.stringify(seed)});
        const ann = await rls.as({ role: "authenticated", claims: { sub: ${JSON.stringify(ANN)} } });
        await ann.sees(2, "select * from my_notes");
        await ann.cannot("delete from notes where id = 2");
      })];`,
  });
  const report = await runRlsTests(db, list);
  expect(report.tests).toEqual([
    expect.objectContaining({ name: "own", file: "notes.ts", verdict: "pass", expectations: 2 }),
  ]);
  expect(report.policies[0]).toMatchObject({ policy: "notes.own", exercised: true });
  const seen = await asRole(db, { role: "authenticated", claims: { sub: BOB } }, async (bob, session) => {
    await session.seed(seed);
    return bob.query<{ id: number }>("select id from notes");
  });
  expect(seen).toEqual([{ id: 2 }]);
  await expect(asRole(db, { role: "postgres" }, async () => 1)).rejects.toThrow("it is a superuser");
  expect(await db.query("select count(*)::int as n from notes")).toEqual([{ n: 0 }]);
});

test("a test cannot leave the role's rights behind, whatever it throws", async () => {
  const failing = rlsTest("throws", async (rls) => {
    const ann = await rls.as({ role: "authenticated" });
    await ann.query("select 1 / 0");
  });
  const report = await runRlsTests(db, [failing]);
  expect(report.tests[0]?.why).toContain("division by zero");
  expect(await db.query("select current_user::text as who")).toEqual([{ who: "postgres" }]);
});

test("files that are no tests are refused by name", async () => {
  await expect(tests({ "a.sql": "select 1" })).rejects.toMatchObject({ code: "RLS_TEST_INVALID" });
  await expect(tests({ "a.ts": "export default 1" })).rejects.toMatchObject({ code: "RLS_TEST_INVALID" });
  await expect(readRlsTests(join(folder, "nowhere"))).rejects.toMatchObject({ code: "RLS_TEST_INVALID" });
});

const claims = `select set_config('request.jwt.claims', '{"sub": "${ANN}"}', true);`;
const pgtap = (plan: number) => `begin;
select plan(${plan});
${seed}
set local role authenticated;
${claims}
select results_eq('select id from notes order by id', array[1, 3], 'sees its own');
select throws_ok($$insert into notes values (9, '${BOB}', 'x')$$, '42501', null, 'writes no others');
select lives_ok($$update notes set text = 'x' where id in (2, 3)$$, 'touches none of the others');
reset role;
select results_eq('select text from notes where id in (2, 3) order by id', array['b', 'c'], 'and changes none');
select * from finish();
rollback;
`;

describe("pgTAP", () => {
  let debian: ScratchPostgres | undefined;
  let other: Database | undefined;
  let missing: string | null = null;
  beforeAll(async () => {
    const started = await debianPostgres();
    if (typeof started === "string") {
      missing = started;
      return;
    }
    debian = started;
    other = await connect(await debian.createDatabase());
    // As careful projects do; pgTAP's own functions have to be there for the roles all the same.
    const strict = "alter default privileges revoke execute on functions from public";
    await other.script(`${supabaseStandIns([{ up: schema, down: null }])};${strict};${schema}`);
  });
  afterAll(async () => {
    await other?.end();
    debian?.remove();
  });

  test("files run where the server has it, with the mutation check", async ({ skip }) => {
    skip(missing !== null, missing ?? "");
    const report = await runRlsTests(other!, await tests({ "notes_test.sql": pgtap(4) }), { mutate: true });
    expect(report.tests).toEqual([expect.objectContaining({ verdict: "pass", expectations: 4 })]);
    expect(report.problems).toEqual([]);
    expect(report.policies.map(({ exercised }) => exercised)).toEqual([true, true]);
  });

  test("a plan that is not kept, a failed test, and tests by the superuser alone fail", async ({ skip }) => {
    skip(missing !== null, missing ?? "");
    const run = async (text: string) => runRlsTests(other!, await tests({ "a_test.sql": text }));
    expect((await run(pgtap(5))).tests[0]?.why).toContain("it planned 5 tests and ran 4");
    expect((await run(pgtap(4).replace("array[1, 3]", "array[1]"))).tests[0]?.why).toContain(
      "failed: sees its own",
    );
    const idle = await run("select plan(1); select has_table('notes'); select * from finish();");
    expect(idle.problems).toEqual([expect.stringContaining("no policy was met")]);
    expect((await run("select plan(1); select no_such(1);")).tests[0]?.why).toContain("a_test.sql:1:");
    expect(
      await rolledBack(other!, async () =>
        other!.query("select 1 as n from pg_extension where extname = 'pgtap'"),
      ),
    ).toEqual([]);
  });

  test("a server without it says what to do", async () => {
    const report = await runRlsTests(db, await tests({ "notes_test.sql": pgtap(4) }));
    expect(report.tests[0]?.why).toContain("the server has no extension pgtap");
  });
});

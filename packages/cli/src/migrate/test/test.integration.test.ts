import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScratchProject, scratchProject } from "../../../testing/scratch-project.ts";

let project: ScratchProject;

beforeAll(async () => {
  const notes = {
    id: "20260101000001_notes",
    up: `create table public.notes (id int primary key, owner uuid not null);
alter table public.notes enable row level security;
grant select, delete on public.notes to authenticated;
create policy own on public.notes for select to authenticated using (owner = auth.uid());
create policy tidy on public.notes for delete to authenticated using (owner = auth.uid());
`,
    down: "drop table public.notes;\n",
  };
  project = await scratchProject([notes], []);
});
afterAll(() => project?.remove());

const ANN = "00000000-0000-4000-8000-00000000000a";
const reading = `insert into notes values (1, '${ANN}'), (2, gen_random_uuid());
-- rls: test a member sees the own note
-- rls: as authenticated {"sub": "${ANN}"}
-- rls: sees 1 row
select * from notes;
`;

test("without a test the run fails", async () => {
  const { code, stdout } = await project.slipway(["migrate", "test"]);
  expect(stdout).toContain("wrong: there is no test");
  expect(code).toBe(1);
});

test("tests run on an embedded server with stand-ins for what Supabase brings", async () => {
  project.write("migrations/tests/notes.sql", reading);
  const { code, stdout, stderr } = await project.slipway(["migrate", "test"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("with stand-ins for what Supabase brings");
  expect(stderr).toContain("passed  notes.sql: a member sees the own note  1 expectations");
  expect(stdout).toContain("  notes.own  met\n  notes.tidy  not met");
});

test("--mutate names the policy that no test would miss, until one does", async () => {
  const shallow = await project.slipway(["migrate", "test", "--mutate"]);
  expect(shallow.code).toBe(1);
  expect(shallow.stdout).toContain("wrong: no test noticed that notes.tidy was removed");
  expect(shallow.stdout).toContain("  notes.own  met, removed: noticed, opened: noticed");
  project.write("migrations/tests/notes.sql", `${reading}-- rls: changes 1 row\ndelete from notes;\n`);
  const { code, stdout } = await project.slipway(["migrate", "test", "--mutate", "--output", "json"]);
  const report = JSON.parse(stdout);
  expect(report.problems).toEqual([]);
  expect(report.policies.map(({ mutations }: { mutations: unknown[] }) => mutations.length)).toEqual([2, 2]);
  expect(code).toBe(0);
});

test("a test that cannot be used is refused with its place", async () => {
  project.write("migrations/tests/notes.sql", "-- rls: as anon\nselect 1;\n");
  const { code, stderr } = await project.slipway(["migrate", "test"]);
  expect(stderr).toContain("RLS_TEST_INVALID");
  expect(stderr).toContain("notes.sql:2:1");
  expect(code).toBe(2);
});

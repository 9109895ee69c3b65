import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { fakeCli } from "../../../testing/fake-cli.ts";
import { type FakeProject, fakeProject } from "../../../testing/fake-project.ts";

let project: FakeProject;
afterEach(() => project.remove());

const files = {
  "supabase/migrations/20260101000000_a.sql": "create table t (a int);\n",
  "supabase/rollbacks/20260101000000_a.down.sql": "drop table t;\n",
  "supabase/migrations/notes.txt": "",
};

test("migrate import shows its plan, and writes it unless it is a dry run", async () => {
  project = fakeProject(files);
  const words = ["migrate", "import", "supabase/migrations"];
  const dry = await fakeCli([...words, "--dry-run"], { cwd: project.root });
  expect(dry.stdout).toBe(
    "from supabase into migrations: 1 new, 0 there already\n  20260101000000_a\n  left out, as supabase does: notes.txt\n",
  );
  expect(existsSync(join(project.root, "migrations"))).toBe(false);
  const { code, stdout, stderr } = await fakeCli(words, { cwd: project.root });
  expect([code, stdout]).toEqual([0, "imported 2 files into migrations\n"]);
  expect(stderr).toContain("1 new");
  expect(readdirSync(join(project.root, "migrations")).sort()).toEqual(["20260101000000_a.sql", "rollbacks"]);
  const again = await fakeCli([...words, "--output", "json"], { cwd: project.root });
  expect(JSON.parse(again.stdout)).toMatchObject({
    plan: { layout: "supabase", migrations: [{ id: "20260101000000_a", state: "same", rollback: true }] },
    written: [],
  });
});

test("migrate import refuses with all problems, and a tool that it does not know", async () => {
  project = fakeProject({ ...files, "supabase/migrations/20260101000000_a.down.sql": "drop table t;" });
  const refused = await fakeCli(["migrate", "import", "supabase"], { cwd: project.root });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("run by Supabase's CLI as a migration");
  const unknown = await fakeCli(["migrate", "import", "supabase", "--from", "rails"], { cwd: project.root });
  expect(unknown.code).toBe(64);
  expect(unknown.stderr).toContain("golang-migrate");
});

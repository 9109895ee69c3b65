import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeCli } from "../../../testing/fake-cli.ts";
import { type FakeProject, fakeProject } from "../../../testing/fake-project.ts";

let project: FakeProject;
beforeEach(() => {
  project = fakeProject();
});
afterEach(() => project.remove());

test("migrate new makes both files where the product file says, and names them from the working folder", async () => {
  const words = ["migrate", "new", "add_notes", "--phase", "contract", "--output", "json"];
  const { code, stdout } = await fakeCli(words, { cwd: join(project.root, "stacks") });
  const { migration } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(migration).toMatchObject({ id: expect.stringMatching(/^\d{14}_add_notes$/), phase: "contract" });
  expect(migration.up).toBe(`../migrations/${migration.id}.sql`);
  for (const file of [migration.up, migration.down])
    expect(existsSync(join(project.root, "stacks", file))).toBe(true);
});

test("migrate new refuses a name that no file could have, and writes nothing", async () => {
  const { code, stderr } = await fakeCli(["migrate", "new", "Add notes"], { cwd: project.root });
  expect(code).toBe(64);
  expect(stderr).toContain("slipway migrate new add_notes");
  expect(readdirSync(project.root)).toEqual(["stacks"]);
});

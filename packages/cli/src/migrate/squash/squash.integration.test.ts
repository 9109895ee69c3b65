import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScratchProject, scratchProject } from "../../../testing/scratch-project.ts";

let project: ScratchProject;

const migrations = [
  {
    id: "20260101000001_products",
    up: "create table products (id int primary key, name text not null, price int);",
    down: "drop table products;",
  },
  {
    id: "20260102000001_discounts",
    up: "alter table products add column discount int;",
    down: "alter table products drop column discount;",
  },
  {
    id: "20260103000001_price",
    up: "-- slipway: contract\nalter table products drop column price;",
    down: "alter table products add column price int;",
  },
];

beforeAll(async () => {
  project = await scratchProject(migrations, [
    { version: "1.0.0", head: "20260101000001_products" },
    { version: "1.1.0", head: "20260102000001_discounts" },
    { version: "1.2.0" },
  ]);
  project.pin("1.2.0");
  const { code, stderr } = await project.slipway(["up", "--yes"]);
  expect(code, stderr).toBe(0);
  project.commit();
});
afterAll(() => project?.remove());

const applied = async () => {
  const { stdout } = await project.slipway(["migrate", "status", "--output", "json"]);
  const { migrations: rows } = JSON.parse(stdout) as { migrations: { id: string; state: string }[] };
  return rows.filter(({ state }) => state === "applied").map(({ id }) => id);
};
const singles = migrations.map(({ id }) => id);

test("a pin that lacks one of them, and a changed file, are refused; a dry run writes nothing", async () => {
  project.pin("1.1.0");
  const dirty = await project.slipway(["migrate", "squash"]);
  expect([dirty.code, dirty.stderr]).toEqual([2, expect.stringContaining("TREE_DIRTY")]);
  project.commit();
  const early = await project.slipway(["migrate", "squash", "--through", "20260103000001"]);
  expect(early.code).toBe(2);
  expect(early.stderr).toContain('stack dev, pinned to 1.1.0, does not have "20260103000001_price" yet');
  project.pin("1.2.0");
  project.commit();
  const dry = await project.slipway(["migrate", "squash", "--dry-run"]);
  expect([dry.code, dry.stdout]).toEqual([0, "20260103000001_squashed is proved; nothing was written\n"]);
  expect(readdirSync(join(project.root, "migrations")).filter((name) => name.endsWith(".sql"))).toHaveLength(
    3,
  );
});

test("after a squash the old environment runs nothing, forth and back, and a new one runs the one file", async () => {
  const squash = await project.slipway(["migrate", "squash", "--output", "json"]);
  expect(squash.code, squash.stderr).toBe(0);
  expect(JSON.parse(squash.stdout)).toMatchObject({
    id: "20260103000001_squashed",
    plan: { parts: singles, problems: [] },
    proof: { verdict: "pass" },
  });
  project.commit();
  await project.cut({ version: "1.3.0" });
  project.pin("1.3.0");
  const forth = await project.slipway(["up", "--yes"]);
  expect(forth.code, forth.stderr).toBe(0);
  expect(await applied()).toEqual(singles);

  project.pin("1.2.0");
  const back = await project.slipway(["up", "--yes"]);
  expect(back.code, back.stderr).toBe(0);
  expect(await applied()).toEqual(singles);

  expect((await project.slipway(["down", "--yes"])).code).toBe(0);
  rmSync(join(project.root, ".slipway/dev/postgres"), { recursive: true });
  project.pin("1.3.0");
  const fresh = await project.slipway(["up", "--yes"]);
  expect(fresh.code, fresh.stderr).toBe(0);
  expect(await applied()).toEqual(["20260103000001_squashed"]);
  project.pin("1.2.0");
  const older = await project.slipway(["up", "--yes"]);
  expect(older.code, older.stderr).toBe(0);
  expect(await applied()).toEqual(["20260103000001_squashed"]);
  project.pin("1.1.0");
  const inside = await project.slipway(["up", "--yes"]);
  expect(inside.code).toBe(2);
  expect(inside.stderr).toContain("SCHEMA_SQUASHED");
  expect(await applied()).toEqual(["20260103000001_squashed"]);
});

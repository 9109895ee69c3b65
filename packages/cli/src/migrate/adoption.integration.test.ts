import { exportAudit } from "@slipway/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentOf } from "../../testing/environment-of.ts";
import { type ScratchProject, scratchProject } from "../../testing/scratch-project.ts";

let project: ScratchProject;

const migrations = [
  {
    id: "20260101000001_products",
    up: "create table products (id int primary key, name text not null);",
    down: "drop table products;",
  },
  {
    id: "20260102000001_discounts",
    up: "alter table products add column discount int;",
    down: "alter table products drop column discount;",
  },
];

beforeAll(async () => {
  project = await scratchProject(migrations, [
    { version: "1.0.0", head: "20260101000001_products" },
    { version: "1.1.0" },
  ]);
  project.pin("1.0.0");
  const { code, stderr } = await project.slipway(["up", "--yes"]);
  expect(code, stderr).toBe(0);
});
afterAll(() => project?.remove());

const json = async (...words: string[]) => {
  const { stdout } = await project.slipway([...words, "--output", "json"]);
  return JSON.parse(stdout) as Record<string, unknown>;
};
const states = async () =>
  ((await json("migrate", "status")).migrations as { id: string; state: string }[]).map(({ state }) => state);

/** Runs SQL in dev's database, as somebody by hand would. */
async function byHand(sql: string): Promise<void> {
  const environment = environmentOf(project);
  try {
    const db = await environment.database();
    await db?.script(sql);
  } finally {
    await environment.close();
  }
}

test("status lists what is applied and what waits", async () => {
  const { code, stdout } = await project.slipway(["migrate", "status"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/20260101000001_products +applied/);
  expect(stdout).toMatch(/20260102000001_discounts +pending/);
  expect(stdout).toContain("dev: 1 applied, 1 pending; head 20260101000001_products, schema as recorded");
});

test("a migration that the Supabase CLI ran is refused by up, seen by status, plan and doctor, and adopted by baseline", async () => {
  await byHand(`create schema supabase_migrations;
    create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
    insert into supabase_migrations.schema_migrations values ('20260101000001', '{}', 'products');
    alter table products add column discount int;
    insert into supabase_migrations.schema_migrations values ('20260102000001', '{}', 'discounts')`);
  project.pin("1.1.0");
  const up = await project.slipway(["up", "--yes"]);
  expect(up.code).toBe(2);
  expect(up.stderr).toContain("SCHEMA_APPLIED_ELSEWHERE");
  expect(up.stderr).toContain("slipway migrate baseline");
  const status = await project.slipway(["migrate", "status"]);
  expect(status.code).toBe(1);
  expect(status.stdout).toContain("supabase_migrations has 20260102000001_discounts");
  expect((await project.slipway(["doctor"])).stdout).toContain(
    "supabase_migrations has 20260102000001_discounts",
  );

  const asked = await project.slipway(["migrate", "baseline"]);
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining("TERMINAL_REQUIRED") });
  expect(await states()).toEqual(["applied", "pending"]);
  const done = await project.slipway(["migrate", "baseline", "--yes"]);
  expect(done.stderr).toContain("the database has what they make");
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("recorded 1 as applied in dev") });
  expect(await states()).toEqual(["applied", "applied"]);
  const again = await project.slipway(["migrate", "baseline", "--yes"]);
  expect(again).toMatchObject({ code: 0, stdout: "nothing to record: all are\n" });

  const after = await project.slipway(["up", "--yes"]);
  expect(after.code, after.stderr).toBe(0);
});

test("what was adopted is rolled back like anything else, its history row included", async () => {
  project.pin("1.0.0");
  project.configure('slipway:allowDataLoss: ["20260102000001_discounts"]');
  const { code, stderr } = await project.slipway(["up", "--yes"]);
  expect(code, stderr).toBe(0);
  expect(await states()).toEqual(["applied", "pending"]);
  expect((await project.slipway(["migrate", "status"])).code).toBe(0);
});

test("baseline refuses a database that lacks what the migrations make, unless forced with a reason", async () => {
  project.pin("1.1.0");
  const refused = await project.slipway(["migrate", "baseline", "--yes"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("BASELINE_DIFFERS");
  expect(refused.stderr).toContain("it lacks column public.products.discount");
  const silent = await project.slipway(["migrate", "baseline", "--yes", "--force"]);
  expect(silent).toMatchObject({ code: 64, stderr: expect.stringContaining("--reason is missing") });
  const unknown = await project.slipway(["migrate", "baseline", "--to", "20260102000001_discount"]);
  expect(unknown).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("Did you mean 20260102000001_discounts?"),
  });
  expect(await states()).toEqual(["applied", "pending"]);
});

test("repair marks the next one as applied and the newest as reverted, each with its reason in the audit", async () => {
  const wrong = await project.slipway([
    "migrate",
    "repair",
    "--mark-reverted",
    "20260102000001_discounts",
    "--reason",
    "x",
  ]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("REPAIR_OUT_OF_ORDER") });
  const usage = await project.slipway(["migrate", "repair", "--mark-applied", "20260102000001_discounts"]);
  expect(usage).toMatchObject({ code: 64, stderr: expect.stringContaining("--reason is missing") });
  await byHand("alter table products add column discount int");
  for (const [flag, reason, state] of [
    ["--mark-applied", "ran by hand", "applied"],
    ["--mark-reverted", "dropped by hand", "pending"],
  ] as const) {
    const words = ["migrate", "repair", "dev", flag, "20260102000001_discounts", "--reason", reason, "--yes"];
    const { code, stderr } = await project.slipway(words);
    expect(code, stderr).toBe(0);
    expect((await states())[1]).toBe(state);
  }
  const environment = environmentOf(project);
  try {
    const db = await environment.database();
    const events = await Array.fromAsync(exportAudit(db!));
    const corrections = events.filter(({ kind }) => /^migration\.(adopted|forgotten)$/.test(kind));
    expect(corrections.map(({ kind, data }) => [kind, (data as { reason: string }).reason])).toEqual([
      ["migration.adopted", "baseline"],
      ["migration.adopted", "ran by hand"],
      ["migration.forgotten", "dropped by hand"],
    ]);
  } finally {
    await environment.close();
  }
  expect((await project.slipway(["audit", "verify"])).code).toBe(0);
});

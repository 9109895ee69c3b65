import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScratchProject, scratchProject } from "../../testing/scratch-project.ts";
import type { PlanView } from "./plan-view.ts";

let project: ScratchProject;
const stackText = () => readFileSync(join(project.root, "stacks/Pulumi.dev.yaml"), "utf8");

async function planned(
  ...words: string[]
): Promise<{ code: number; plan: PlanView; refusals: { code: string }[] }> {
  const { code, stdout } = await project.slipway([...words, "--output", "json"]);
  return { code, ...(JSON.parse(stdout) as { plan: PlanView; refusals: { code: string }[] }) };
}

async function auditLength(): Promise<number> {
  const { stdout } = await project.slipway(["status", "--output", "json"]);
  return (JSON.parse(stdout) as { auditHead: { seq: number } }).auditHead.seq;
}

beforeAll(async () => {
  project = await scratchProject(
    [
      {
        id: "1_orders",
        up: "create table orders (id int primary key);\ninsert into orders select generate_series(1, 20);\n",
        down: "drop table orders;\n",
      },
      {
        id: "2_note",
        up: "alter table orders add column note text;\nupdate orders set note = 'n' || id;\n",
        down: "alter table orders drop column note;\n",
      },
    ],
    [
      { version: "1.0.0", head: "1_orders" },
      { version: "1.1.0", head: "2_note" },
    ],
  );
});
afterAll(() => project?.remove());

test("before an up, a plan says what each migration does, and that nobody knows how long it takes", async () => {
  const first = await planned("plan");
  expect(first.code).toBe(0);
  expect(first.plan.migrations).toMatchObject([
    {
      id: "1_orders",
      direction: "up",
      effects: { work: [], transactional: true },
      time: { milliseconds: null, unknown: "never ran anywhere that is known" },
    },
  ]);
  expect((await project.slipway(["up", "--yes"])).code).toBe(0);
  project.pin("1.1.0");
  const { stdout } = await project.slipway(["plan"]);
  expect(stdout).toMatch(/schema {3}\+ 2_note: lossy, no estimate\n/);
  expect(stdout).toContain("               blocks reads and writes of orders (ACCESS EXCLUSIVE)\n");
  expect(stdout).toMatch(/works on rows of orders \([\d.]+ kB\)\n/);
  expect(stdout).toContain("time: never ran anywhere that is known\n");
  expect((await project.slipway(["up", "--yes"])).code).toBe(0);
});

test("a rollback's plan has the rows at stake, refuses as the rollback would, and changes nothing", async () => {
  const [stack, audit] = [stackText(), await auditLength()];
  const refused = await planned("rollback", "1.0.0", "--dry-run");
  expect(refused.code).toBe(2);
  expect(refused.refusals.map(({ code }) => code)).toEqual(["ROLLBACK_LOSES_DATA"]);
  expect(refused.plan.migrations).toMatchObject([
    {
      id: "2_note",
      direction: "back",
      kind: "lossy",
      savedFirst: false,
      atStake: [{ what: "column", name: "orders.note", rows: 20 }],
      effects: { locks: [{ relation: "orders", mode: "ACCESS EXCLUSIVE", blocks: "reads and writes" }] },
    },
  ]);
  expect(stackText()).toBe(stack);
  project.configure("slipway:allowDataLoss: [2_note]");
  const { code, stdout } = await project.slipway(["rollback", "1.0.0", "--dry-run"]);
  expect(code).toBe(0);
  expect(stdout).toContain("settle   - 2_note (rollback SQL): lossy, no estimate\n");
  expect(stdout).toMatch(/loses column orders\.note \(20 values/);
  expect(stdout).toContain("all of it is saved to slipway_saved first\n");
  expect(await auditLength()).toBe(audit);
});

test("after it ran, the estimate comes from that run, and the up tells what it puts back", async () => {
  expect((await project.slipway(["rollback", "1.0.0", "--yes"])).code).toBe(0);
  project.pin("1.1.0");
  const { stdout } = await project.slipway(["plan"]);
  expect(stdout).toMatch(/\+ 2_note: lossy, about \d+ m?s\n/);
  expect(stdout).toMatch(/puts back 20 rows from slipway_saved\.2_note\S*\n/);
  expect(stdout).toMatch(/time: took \d+ m?s here /);
  const durations = await project.slipway(["migrate", "durations"]);
  expect(durations.stdout).toMatch(/^2_note +back /m);
});

test("another environment's runs come from its database or from a file, and the source is named", async () => {
  const { stdout: file } = await project.slipway(["migrate", "durations", "--output", "json"]);
  project.write("durations.json", file);
  project.write(
    "stacks/Pulumi.production.yaml",
    stackText().replace(/slipway:port: \d+/, `slipway:port: ${project.port + 1}`),
  );
  for (const from of ["dev", "durations.json"]) {
    const { plan } = await planned("plan", "production", "--estimate-from", from);
    expect(plan.migrations).toMatchObject([
      { id: "1_orders", time: { from: { environment: "dev" }, factor: null, unknown: null } },
      { id: "2_note", time: { from: { environment: "dev" }, factor: null, unknown: null } },
    ]);
    expect(plan.migrations?.[0]?.time.milliseconds).toBeGreaterThan(0);
  }
  const { stdout } = await project.slipway(["plan", "--estimate-from", "production"]);
  expect(stdout).toContain("no estimates from production: it kept no durations yet");
});

test("flags that make no sense are refused, with what to write", async () => {
  const alone = await project.slipway(["rollback", "--dry-run"]);
  expect(alone).toMatchObject({ code: 64, stderr: expect.stringContaining("--dry-run needs a version") });
  const without = await project.slipway(["rollback", "1.0.0", "--estimate-from", "dev"]);
  expect(without).toMatchObject({ code: 64, stderr: expect.stringContaining("needs --dry-run") });
  const nowhere = await project.slipway(["plan", "--estimate-from", "nowhere"]);
  expect(nowhere).toMatchObject({ code: 64, stderr: expect.stringContaining("there is no such file") });
  project.write("wrong.json", '{"environment":"dev","durations":[{"migration":"1_orders"}]}');
  const wrong = await project.slipway(["plan", "--estimate-from", "wrong.json"]);
  expect(wrong).toMatchObject({ code: 64, stderr: expect.stringContaining("durations[0]") });
  const unknown = await project.slipway(["rollback", "7.0.0", "--dry-run"]);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("RELEASE_UNKNOWN") });
});

// A schema that somebody changed by hand, and data that breaks an invariant: a rollback of the first is refused until the
// stack allows it, a release over the second is refused, a rollback over it goes on. In this order.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportAudit } from "@slipway/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentOf } from "../../testing/environment-of.ts";
import type { ScratchProject } from "../../testing/scratch-project.ts";
import { shopProject, shopReleases } from "../../testing/shop.ts";

let project: ScratchProject;
const up = (...words: string[]) => project.slipway(["up", "--yes", ...words]);

async function sql(text: string): Promise<void> {
  const environment = environmentOf(project);
  try {
    await (await environment.database())?.script(text);
  } finally {
    await environment.close();
  }
}

async function events(kind: string): Promise<unknown[]> {
  const environment = environmentOf(project);
  try {
    const db = await environment.database();
    if (db === null) return [];
    return (await Array.fromAsync(exportAudit(db)))
      .filter((event) => event.kind === kind)
      .map(({ data }) => data);
  } finally {
    await environment.close();
  }
}

beforeAll(async () => {
  project = await shopProject(shopReleases.filter(({ version }) => ["1.0.0", "1.1.0"].includes(version)));
  const folder = join(project.root, "migrations/invariants");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "no_broken_rows.sql"), "select * from public.broken;\n");
});
afterAll(async () => {
  await project.remove();
});

test("an invariant that cannot be asked fails the run; once it holds the run passes and keeps it", async () => {
  const failed = await up();
  expect(failed.code).not.toBe(0);
  expect(`${failed.stdout}${failed.stderr}`).toContain("no_broken_rows cannot be asked");
  await sql("create table public.broken (id int)");
  const ended = await up();
  expect(ended.code, ended.stderr).toBe(0);
  expect(await events("invariants.asked")).toContainEqual({
    when: "after",
    results: [{ name: "no_broken_rows", verdict: "pass", why: null }],
  });
});

test("broken, it refuses the way forward before anything is changed, also from a checkout without it", async () => {
  await sql("insert into public.broken values (1)");
  rmSync(join(project.root, "migrations/invariants"), { recursive: true });
  project.pin("1.1.0");
  const ended = await up();
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain("PROBE_FAILED");
  expect(ended.stderr).toContain("no_broken_rows fails: it finds 1 row");
  await sql("delete from public.broken");
  expect(await up()).toMatchObject({ code: 0 });
});

test("a rollback of a schema that was changed by hand is refused, names the change, and runs when it is allowed", async () => {
  await sql("create index by_hand on public.broken (id)");
  project.pin("1.0.0");
  const refused = await up();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("SCHEMA_DRIFTED");
  expect(refused.stderr).toContain("index public.by_hand was added");
  const head = /list (\S+) in slipway:allowDrift/.exec(refused.stderr)?.[1] ?? "";
  expect(head).toMatch(/^\d+_/);
  project.configure(`slipway:allowDrift: ["${head}"]`);
  const allowed = await up();
  expect(allowed.code, allowed.stderr).toBe(0);
  expect(await events("schema.drift-allowed")).toMatchObject([
    { differences: ["index public.by_hand was added"] },
  ]);
});

// What Pulumi can be made to do beside `up`, and what can become of its state: whatever it is, no rollback
// SQL runs that the pin does not ask for, nothing is applied twice, and the version served is as before or
// the pin. In this order: each case begins where the one before ended.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportAudit } from "@slipway/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentOf } from "../../testing/environment-of.ts";
import { expectSettled } from "../../testing/expect-settled.ts";
import type { Ended, ScratchProject } from "../../testing/scratch-project.ts";
import { shopHeads, shopProject, shopReleases } from "../../testing/shop.ts";

const fingerprints = new Map<string, string>();
let project: ScratchProject;

const file = (name: string) => join(project.root, name);
const stateFile = () => file("stacks/.pulumi/stacks/shop/dev.json");
const olderState = () => file("older.json");
const up = (...words: string[]): Promise<Ended> =>
  project.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview", ...words]);

/** The URNs of Slipway's own resources and of the smoke test, by name. */
async function urns(): Promise<Record<string, string>> {
  const { stdout } = await project.pulumi(["stack", "--stack", "dev", "--show-urns"]);
  const found = [...stdout.matchAll(/urn:pulumi:\S+\$\S+::(\w+)/g)];
  return Object.fromEntries(found.map(([urn, name = ""]) => [name, urn]));
}

/** How many migrations were undone until now, by the audit. */
async function undone(): Promise<number> {
  const environment = environmentOf(project);
  try {
    const db = await environment.database();
    const events = db === null ? [] : await Array.fromAsync(exportAudit(db));
    return events.filter(({ kind }) => kind === "migration.reverted").length;
  } finally {
    await environment.close();
  }
}

async function settled(version: string, undoneMigrations: number): Promise<void> {
  await expectSettled(project, version, shopHeads[version] ?? "", fingerprints);
  expect(await undone()).toBe(undoneMigrations);
}

beforeAll(async () => {
  project = await shopProject(
    shopReleases.filter(({ version }) => ["1.0.0", "1.1.0", "1.2.0"].includes(version)),
  );
  expect(await project.slipway(["up", "--yes"])).toMatchObject({ code: 0 });
  copyFileSync(stateFile(), olderState());
  project.pin("1.1.0");
  expect(await up()).toMatchObject({ code: 0 });
  await settled("1.1.0", 0);
});
afterAll(async () => {
  await project.remove();
});

test("refresh changes nothing", async () => {
  expect(await project.pulumi(["refresh", "--stack", "dev", "--yes"])).toMatchObject({ code: 0 });
  const { stdout } = await project.pulumi(["preview", "--stack", "dev"]);
  expect(stdout).toContain("10 unchanged");
  await settled("1.1.0", 0);
});

test("a renamed component is adopted", async () => {
  const program = file("stacks/index.ts");
  writeFileSync(
    program,
    readFileSync(program, "utf8").replace('Environment("shop")', 'Environment("store")'),
  );
  expect(await up()).toMatchObject({ code: 0 });
  await settled("1.1.0", 0);
});

test("tainted resources are made again without a run where nothing is left to do, and with one for the release", async () => {
  const runs = await lastRun();
  const { release, ...others } = await urns();
  expect(Object.keys(others).sort()).toEqual([
    "api",
    "notes",
    "schema",
    "search",
    "settle",
    "smoke",
    "traffic",
  ]);
  expect(
    await project.pulumi(["state", "taint", "--stack", "dev", "--yes", ...Object.values(others)]),
  ).toMatchObject({ code: 0 });
  const adopted = await up();
  expect(adopted.code, adopted.stdout).toBe(0);
  expect(await lastRun()).toBe(runs);
  await settled("1.1.0", 0);
  await project.pulumi(["state", "taint", "--stack", "dev", "--yes", release ?? ""]);
  expect(await up()).toMatchObject({ code: 0 });
  await settled("1.1.0", 0);
});

test("a deleted state file: a new stack adopts what is there", async () => {
  rmSync(stateFile());
  expect(await project.pulumi(["stack", "select", "--create", "dev"])).toMatchObject({ code: 0 });
  expect(await up()).toMatchObject({ code: 0 });
  await settled("1.1.0", 0);
});

test("a state file of before the last release, with the pin of now: the ledger decides", async () => {
  copyFileSync(olderState(), stateFile());
  expect(await up()).toMatchObject({ code: 0 });
  await settled("1.1.0", 0);
});

test("with the pin moved back, each resource by itself as the target is refused; the release only opens a run", async () => {
  project.pin("1.0.0");
  // A flag that is declared as the pin wants it has nothing to do, and so nothing to be refused.
  const { release = "", notes: _notes, search: _search, ...others } = await urns();
  for (const [name, urn] of Object.entries(others)) {
    const { code, stdout } = await up("--target", urn);
    expect(code, name).not.toBe(0);
    expect(stdout).toContain(name === "smoke" ? "expected 1.0.0, seen 1.1.0" : "RUN_NOT_OPEN");
  }
  project.pin("1.1.0");
  await settled("1.1.0", 0);

  project.pin("1.0.0");
  const { stdout } = await up("--target", release);
  expect(stdout).not.toMatch(/version +: "1\.1\.0" => "1\.0\.0"/);
  expect(await project.get("/meta")).toMatchObject({ body: { version: "1.1.0" } });
  expect(await undone()).toBe(0);
  expect(await up()).toMatchObject({ code: 0 });
  await settled("1.0.0", 1);
});

test("--continue-on-error after a failed smoke test: no traffic, nothing undone", async () => {
  project.pin("1.2.0");
  expect((await up("--continue-on-error")).code).not.toBe(0);
  expect(await project.get("/meta")).toMatchObject({ body: { version: "1.0.0" } });
  expect(await undone()).toBe(1);
  project.pin("1.1.0");
  expect(await up()).toMatchObject({ code: 0 });
  await settled("1.1.0", 2);
});

test("a plugin killed after the run has passed: the next plain up only learns of it", async () => {
  project.pin("1.0.0");
  const killed = await project.pulumi(["up", "--stack", "dev", "--yes", "--skip-preview"], {
    SLIPWAY_FAILPOINT: "settle.verified:kill",
  });
  expect(killed.code).not.toBe(0);
  const runs = await lastRun();
  const { code, stdout } = await up();
  expect(code, stdout).toBe(0);
  expect(await lastRun()).toBe(runs);
  await settled("1.0.0", 3);
});

test("destroy stops the services and leaves the database alone, and says so; up serves again", async () => {
  const { code, stdout } = await project.pulumi(["destroy", "--stack", "dev", "--yes", "--skip-preview"]);
  expect(code).toBe(0);
  expect(stdout).toContain('the services of "dev" are stopped; its database was left alone');
  await expect(project.get("/meta")).rejects.toThrow();
  expect(await undone()).toBe(3);
  expect(await up()).toMatchObject({ code: 0 });
  await settled("1.0.0", 3);
});

async function lastRun(): Promise<number | undefined> {
  const environment = environmentOf(project);
  const { ledger } = await environment.observe().finally(() => environment.close());
  return ledger.run?.id;
}

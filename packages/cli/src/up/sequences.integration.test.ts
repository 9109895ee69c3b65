// Whatever pins come one after the other, and however each is brought about, a run that passed leaves what
// a fresh deploy of its pin is. Real Pulumi for a part of the runs: its state is older than the ledger then.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Observation } from "@slipway/environment";
import type { Database } from "@slipway/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drive } from "../../testing/drive.ts";
import { environmentOf } from "../../testing/environment-of.ts";
import { expectSettled } from "../../testing/expect-settled.ts";
import { freshFingerprints } from "../../testing/fresh-fingerprints.ts";
import type { ScratchProject } from "../../testing/scratch-project.ts";
import { shopHeads, shopMigrations, shopProject } from "../../testing/shop.ts";
import { testDraw } from "../../testing/test-draw.ts";
import { planUp } from "./up.ts";

const RUNS = 10;
const BAD = "1.2.0";
const draw = testDraw();
const said: string[] = [];
let project: ScratchProject;
let fingerprints: Map<string, string>;

beforeAll(async () => {
  [project, fingerprints] = await Promise.all([shopProject(), freshFingerprints(shopMigrations)]);
});
afterAll(async () => {
  await project.remove();
});

test(`after each of ${RUNS} runs drawn by chance the environment is as a fresh deploy of its pin`, async () => {
  const sequence: string[] = [];
  await slipwayUp("1.0.0");
  for (let run = 1; run <= RUNS; run++) {
    const pin = draw.of(["1.0.0", "1.1.0", "1.1.0", BAD, "1.3.0", "1.4.0"]);
    const how = draw.of([slipwayUp, inProcess, inProcess]);
    sequence.push(`${how.name} ${pin}`);
    const things = await writeThing(run);
    await how(pin).catch((error: unknown) => {
      throw new Error(`seed ${draw.seed}, after ${sequence.join(", ")}`, { cause: error });
    });
    expect(await withThings(rowsOf), `seed ${draw.seed}, after ${sequence.join(", ")}`).toEqual(things);
  }
}, 300_000);

test("no password and no database URL is in Pulumi's state, the audit, the logs and what was printed", async () => {
  const environment = environmentOf(project);
  const url = new URL(await environment.databaseUrl());
  await environment.close();
  expect(url.password.length).toBeGreaterThan(8);
  const audit = await project.slipway(["audit", "export"]);
  expect(audit.code).toBe(0);
  const files = [
    ...filesBelow("stacks/.pulumi"),
    ...filesBelow(".slipway").filter((file) => /log/.test(file)),
  ];
  expect(files.length).toBeGreaterThan(5);
  const texts = [audit.stdout, ...said, ...files.map((file) => readFileSync(file, "utf8"))];
  for (const secret of [url.password, "postgres://"])
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
});

/** One `slipway up`, which rolls a bad release back by itself. */
async function slipwayUp(pin: string): Promise<void> {
  project.pin(pin);
  const { code, stdout, stderr } = await project.slipway(["up", "--yes"]);
  said.push(stdout, stderr);
  expect(code, stderr + stdout).toBe(pin === BAD ? 3 : 0);
  // The way to a bad release may pass a good one, which is then the last that passed.
  const release = pin === BAD ? await look(({ ledger }) => ledger.verified?.release ?? "") : pin;
  await expectSettled(project, release, shopHeads[release] ?? "", fingerprints);
}

/** The same steps in this process, without Pulumi, which learns nothing of it; a bad release stays as it failed. */
async function inProcess(pin: string): Promise<void> {
  const environment = environmentOf(project);
  const { pins } = await planUp(environment, pin).finally(() => environment.close());
  for (const step of pins) {
    if (step !== BAD) {
      await drive(project.root, step);
      await expectSettled(project, step, shopHeads[step] ?? "", fingerprints);
    } else {
      const verified = await look(({ ledger }) => ledger.verified?.release);
      await expect(drive(project.root, step)).rejects.toMatchObject({ code: "SMOKE_FAILED" });
      expect(await project.get("/meta")).toMatchObject({ body: { version: verified } });
    }
  }
}

async function look<T>(read: (seen: Observation) => T): Promise<T> {
  const environment = environmentOf(project);
  return read(await environment.observe().finally(() => environment.close()));
}

/** Adds a row as the service would, whatever its column is called by now, and gives all rows. */
async function writeThing(run: number): Promise<unknown> {
  return await withThings(async (db, column) => {
    await db.query(`insert into things (id, ${column}) values ($1, $2)`, [1000 + run, `thing of run ${run}`]);
    return await rowsOf(db, column);
  });
}

async function withThings<T>(work: (db: Database, column: string) => Promise<T>): Promise<T> {
  const environment = environmentOf(project);
  try {
    const db = await environment.database();
    if (db === null) throw new Error("there is no database yet");
    const [found] = await db.query<{ name: string }>(
      "select attname as name from pg_attribute where attrelid = 'things'::regclass and attname in ('name', 'title')",
    );
    return await work(db, found?.name ?? "");
  } finally {
    await environment.close();
  }
}

const rowsOf = (db: Database, column: string): Promise<unknown> =>
  db.query(`select id, ${column} as label from things order by id`);

function filesBelow(folder: string): string[] {
  return readdirSync(join(project.root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

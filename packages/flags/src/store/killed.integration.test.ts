import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Database } from "@slipway/ledger";
import { seededRandom, testSeed } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { declared, type ScratchStore, scratchStore, verifiedAudit } from "../../testing/scratch-store.ts";
import { until } from "../../testing/until.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import { killFlag, readFlags, setFlag } from "./index.ts";

const SEED = testSeed();
const ROUNDS = 8;
const FLAGS = 60;

let store: ScratchStore;
beforeAll(async () => {
  store = await scratchStore();
});
afterAll(() => store.remove());

interface Writer {
  readonly child: ChildProcess;
  readonly told: readonly string[];
}

/** A writer at work, and the kills that it was told are done. */
async function writer(seed: number): Promise<Writer> {
  const program = new URL("../../testing/busy-writer.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, store.url, String(seed)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const told: string[] = [];
  createInterface({ input: child.stdout! }).on("line", (line) => told.push(line));
  await until("the writer is ready", () => told.length > 0);
  return { child, told };
}

async function documentOf(db: Database) {
  const [row] = await db.query<{ document: unknown }>("select slipway_api.flag_document() as document");
  return parseFlagDocument(row!.document);
}

test(`whenever writers or the database are killed, no kill and no event is lost (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  let { db } = store;
  for (let i = 0; i < FLAGS; i++) await declared(db, `flag-${i}`);
  const killed = new Set<string>();
  let revision = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const writers = await Promise.all([writer(round * 7), writer(round * 7 + 3)]);
    // However slow the machine: what was killed is what the test is about.
    await until(
      "a flag is killed",
      () => killed.size === FLAGS || writers.some(({ told }) => told.length > 1),
    );
    await new Promise((resolve) => setTimeout(resolve, random() * 250));
    const crash = round % 4 === 3;
    if (crash) store.postgres.stop("immediate");
    for (const { child } of writers) {
      child.kill("SIGKILL");
      // Not "exit": the last of what it was told may come after that.
      if (!child.stdout?.closed) await once(child, "close");
    }
    if (crash) {
      store.postgres.start();
      db = await store.connect();
    }
    const told = writers.flatMap((each) => each.told).filter((line) => line !== "ready");
    for (const line of told) killed.add(line.split(" ")[0]!);
    const document = await documentOf(db);
    const off = new Set(document.flags.filter(({ state }) => state.killed).map(({ key }) => key));
    expect(
      [...killed].filter((key) => !off.has(key)),
      `killed, and back after round ${round}`,
    ).toEqual([]);
    for (const line of told) revision = Math.max(revision, Number(line.split(" ")[2]));
    expect(document.revision).toBeGreaterThanOrEqual(revision);
    for (const key of off) killed.add(key);
    revision = document.revision;
  }
  expect(killed.size).toBeGreaterThan(5);

  const events = await verifiedAudit(db);
  const flags = await readFlags(db);
  for (const { key, state } of flags) {
    const versions = events.flatMap(({ subject, kind, data }) =>
      subject === key && kind.startsWith("flag.") ? [(data as { version: number }).version] : [],
    );
    expect(versions, `one event for each version of ${key}`).toEqual(
      Array.from({ length: state.version }, (_, index) => index + 1),
    );
  }
});

test("a database that is set back to yesterday counts in another epoch, so that processes take it", async () => {
  const { db } = store;
  const connection = await store.connect();
  const [row] = await connection.query<{ folder: string }>(
    "select current_setting('data_directory') as folder",
  );
  const { folder } = row!;
  await declared(connection, "restored");
  store.postgres.stop();
  execFileSync("cp", ["-a", folder, `${folder}-yesterday`]);
  store.postgres.start();
  const today = await store.connect();
  await setFlag(today, { actor: "ann", key: "restored", change: { rollout: 60 }, expectedVersion: 1 });
  await killFlag(today, { actor: "ann", key: "restored" });
  const before = await documentOf(today);
  store.postgres.stop();
  rmSync(folder, { recursive: true });
  execFileSync("mv", [`${folder}-yesterday`, folder]);
  store.postgres.start();
  const after = await documentOf(await store.connect());
  expect(after.revision).toBeLessThan(before.revision);
  expect(after.epoch).not.toBe(before.epoch);
  await db.end();
});

test("a copy of the database counts in another epoch, and its next change is audited as restored", async () => {
  const { url, db } = await store.create();
  await declared(db, "copied");
  const { epoch } = await documentOf(db);
  await db.end();
  const admin = await store.connect();
  const name = new URL(url).pathname.slice(1);
  await admin.query(`create database copied template ${name}`);
  const copy = await store.connectTo(url.replace(name, "copied"));
  expect((await documentOf(copy)).epoch).not.toBe(epoch);
  await setFlag(copy, { actor: "ann", key: "copied", change: { rollout: 1 }, expectedVersion: 1 });
  expect((await verifiedAudit(copy)).map(({ kind }) => kind)).toContain("flags.restored");
});

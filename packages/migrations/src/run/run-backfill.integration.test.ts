import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { SlipwayError } from "@slipway/kernel";
import { connect, exportAudit, readLedger, verifyAudit } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { migrationsFolder } from "../../testing/migrations-folder.ts";
import { type ScratchLedger, scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { proveMigrations } from "../prove/prove-migrations.ts";
import { abandonUnfinished } from "./abandon-unfinished.ts";
import { applyMigrations } from "./apply-migrations.ts";
import type { MigrationProgress } from "./run-context.ts";

const UP =
  "-- slipway: backfill t by id chunk 100\nupdate t set n = n + 1, c = id * 2 where id between $1 and $2;";
const DOWN = "update t set c = null, n = 0;";
const program = fileURLToPath(new URL("../../testing/converge-process.ts", import.meta.url));

let postgres: ScratchPostgres;
const open: { db: { end(): Promise<void> } }[] = [];
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterEach(async () => {
  for (const { db } of open.splice(0)) await db.end();
});
afterAll(() => postgres?.remove());

/** A table of rows with the keys 3, 6, 9, …; `n` counts how often a row was written. */
async function withRows(rows: number): Promise<ScratchLedger> {
  const ledger = await scratchLedger(await postgres.createDatabase());
  open.push(ledger);
  await ledger.db.script(`create table t (id int primary key, c int, n int not null default 0);
    insert into t (id) select 3 * i from generate_series(1, ${rows}) i`);
  return ledger;
}

const state = async ({ db }: Pick<ScratchLedger, "db">) =>
  (
    await db.query<{ once: number; rest: number; right: boolean }>(
      `select count(*) filter (where n = 1)::int as once, count(*) filter (where n <> 1)::int as rest,
         bool_and(c = id * 2) as right from t`,
    )
  )[0];
const cursor = async ({ db }: Pick<ScratchLedger, "db">) =>
  (await db.query<{ done: number }>("select rows_done::int as done from slipway.backfills"))[0]?.done;
const failureOf = (work: Promise<unknown>): Promise<SlipwayError> =>
  work.then(
    () => expect.fail("it went through"),
    (error: SlipwayError) => error,
  );

test("runs chunk by chunk, each row once, and is recorded like any migration", async () => {
  const ledger = await withRows(1_050);
  const progress: MigrationProgress[] = [];
  let now = 0;
  await applyMigrations(ledger.db, [await sqlMigration("1_fill", UP, DOWN)], {
    ...ledger.context,
    clock: { now: () => (now += 2_000), sleep: async () => undefined },
    onProgress: (_, step) => progress.push(step),
  });
  expect(await state(ledger)).toEqual({ once: 1_050, rest: 0, right: true });
  expect(await cursor(ledger)).toBeUndefined();
  expect((await readLedger(ledger.db)).applied.map(({ id }) => id)).toEqual(["1_fill"]);
  const chunks = progress.filter((step) => step.state === "backfilling").map((step) => step.rows);
  expect(chunks[0]).toMatchObject({ done: 100, total: 1_050 });
  expect(chunks.at(-1)).toMatchObject({ done: 1_050, total: 1_050, secondsLeft: 0 });
  const events = await Array.fromAsync(exportAudit(ledger.db));
  expect(verifyAudit(events).ok).toBe(true);
  expect(events.slice(-3)).toMatchObject([
    { kind: "migration.started" },
    { kind: "migration.backfilled", data: { rows: 1_050, chunks: 11 } },
    { kind: "migration.applied" },
  ]);
});

test("that fails in a chunk keeps the chunks before, says where, and goes on from there", async () => {
  const ledger = await withRows(500);
  await ledger.db.script("alter table t add constraint small check (c < 2000)");
  const fill = await sqlMigration("1_fill", UP, DOWN);
  const error = await failureOf(applyMigrations(ledger.db, [fill], ledger.context));
  expect(error.code).toBe("SCHEMA_APPLY_FAILED");
  expect(error.message).toContain(
    '1_fill.sql:2:1: new row for relation "t" violates check constraint "small"',
  );
  expect(error.message).toContain("the chunks before this one stay");
  expect(await cursor(ledger)).toBe(300);
  expect(await state(ledger)).toMatchObject({ once: 300, rest: 200 });
  const other = await sqlMigration("1_fill", UP.replace("* 2", "* 5"), DOWN);
  expect((await failureOf(applyMigrations(ledger.db, [other], ledger.context))).code).toBe(
    "SCHEMA_CHECKSUM_CHANGED",
  );
  await ledger.db.script("alter table t drop constraint small; insert into t (id) values (1), (100000)");
  await applyMigrations(ledger.db, [fill], ledger.context);
  // The row behind the cursor and the one beyond the end came later: the app writes those.
  expect(await state(ledger)).toMatchObject({ once: 500, rest: 2 });
});

test("half done and no longer wanted is taken back by its rollback, and forgotten", async () => {
  const ledger = await withRows(300);
  await ledger.db.script("alter table t add constraint small check (c < 1000)");
  await failureOf(applyMigrations(ledger.db, [await sqlMigration("1_fill", UP, DOWN)], ledger.context));
  expect(await cursor(ledger)).toBe(100);
  expect(await abandonUnfinished(ledger.db, [], ledger.context)).toEqual(["1_fill"]);
  expect(await cursor(ledger)).toBeUndefined();
  expect(await ledger.db.query("select from t where c is not null or n <> 0")).toEqual([]);
  expect(await abandonUnfinished(ledger.db, [], ledger.context)).toEqual([]);
});

test("an abort stops it between two chunks", async () => {
  const ledger = await withRows(2_000);
  const abort = new AbortController();
  let now = 0;
  const work = applyMigrations(ledger.db, [await sqlMigration("1_fill", UP, DOWN)], {
    ...ledger.context,
    signal: abort.signal,
    clock: { now: () => (now += 2_000), sleep: async () => undefined },
    onProgress: () => abort.abort(),
  });
  expect((await failureOf(work)).code).toBe("INTERRUPTED");
  const done = (await cursor(ledger)) ?? 0;
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(2_000);
  expect(await state(ledger)).toMatchObject({ once: done });
});

test("makes way for others that wait for its locks, says so, and grows its chunks again", async () => {
  const ledger = await withRows(1_000);
  const other = await connect(ledger.url);
  open.push({ db: other });
  const told: string[] = [];
  const slow = UP.replace("chunk 100", "chunk 200")
    .replace("update t", "with slow as (select pg_sleep(0.2)) update t")
    .replace("where", "from slow where");
  let over = false;
  const inTheWay = (async () => {
    while (!over && told.length === 0) await other.script("begin; lock table t in share mode; commit");
  })();
  await applyMigrations(ledger.db, [await sqlMigration("1_fill", slow, DOWN)], {
    ...ledger.context,
    onProgress: (text) => text.includes("waits for") && told.push(text),
  });
  over = true;
  await inTheWay;
  expect(told[0]).toBe(
    "backfill of 1_fill makes way: 1 session waits for locks that it holds; chunks of 100 rows now",
  );
  expect(await state(ledger)).toEqual({ once: 1_000, rest: 0, right: true });
  const events = await Array.fromAsync(exportAudit(ledger.db));
  const { data } = events.find(({ kind }) => kind === "migration.backfilled")!;
  expect((data as { chunks: number }).chunks).toBeGreaterThan(5);
});

test("keeps to its rate, and an abort ends the pause", async () => {
  const ledger = await withRows(300);
  const paced = (rate: number) => UP.replace("chunk 100", `chunk 100 rate ${rate}`);
  const abort = new AbortController();
  const crawl = applyMigrations(ledger.db, [await sqlMigration("1_fill", paced(1), DOWN)], {
    ...ledger.context,
    signal: abort.signal,
  });
  await expect.poll(() => cursor({ db: ledger.db }), { timeout: 20_000 }).toBe(1);
  abort.abort();
  expect((await failureOf(crawl)).code).toBe("INTERRUPTED");
  expect(await abandonUnfinished(ledger.db, [], ledger.context)).toEqual(["1_fill"]);

  const began = performance.now();
  await applyMigrations(ledger.db, [await sqlMigration("2_fill", paced(200), DOWN)], ledger.context);
  expect(performance.now() - began).toBeGreaterThan(1_400);
  expect(await state(ledger)).toMatchObject({ once: 300 });
});

test("a table, a key or an index that it cannot use is told before a row is written", async () => {
  const ledger = await withRows(10);
  const attempt = async (by: string) =>
    (
      await failureOf(
        applyMigrations(
          ledger.db,
          [await sqlMigration("1_fill", UP.replace("t by id", by), DOWN)],
          ledger.context,
        ),
      )
    ).message;
  expect(await attempt("u by id")).toContain("the backfill's table u with column id is not there");
  expect(await attempt("t by c")).toContain("the backfill's key c may be null");
  expect(await attempt("t by n")).toContain("no index leads with the backfill's key n");
  expect(await state(ledger)).toMatchObject({ once: 0 });
});

test("an empty table, and keys that are texts, times or uuids, are no exception", async () => {
  const ledger = await scratchLedger(await postgres.createDatabase());
  open.push(ledger);
  for (const type of ["text", "timestamptz", "uuid"]) {
    await ledger.db.script(`create table ${type}s (id ${type} primary key, n int default 0)`);
    const up = `-- slipway: backfill ${type}s by id chunk 2\nupdate ${type}s set n = n + 1 where id between $1 and $2;`;
    await applyMigrations(
      ledger.db,
      [await sqlMigration(`1_${type}_empty`, up, "select 1;")],
      ledger.context,
    );
    const value = {
      text: "'k''' || i",
      timestamptz: "now() + i * interval '1 day'",
      uuid: "gen_random_uuid()",
    }[type];
    await ledger.db.script(`insert into ${type}s select ${value} from generate_series(1, 7) i`);
    await applyMigrations(ledger.db, [await sqlMigration(`1_${type}_rows`, up, "select 1;")], ledger.context);
    expect(await ledger.db.query(`select sum(n)::int as n, max(n) as most from ${type}s`)).toEqual([
      { n: 7, most: 1 },
    ]);
  }
});

test("is proved like any migration, on rows and on an empty table", async () => {
  const table = await sqlMigration(
    "1_t",
    "create table t (id int primary key, c int, n int not null default 0);",
    "drop table t;",
  );
  const fill = await sqlMigration("2_fill", UP, DOWN);
  const wrong = await sqlMigration("3_wrong", UP.replace("c = id * 2", "missing = 1"), DOWN);
  const { proofs } = await proveMigrations(postgres.adminUrl, [table, fill, wrong]);
  expect(proofs.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "fail"]);
  expect(proofs[2]?.why).toContain('column "missing" of relation "t" does not exist');
});

/** Starts a run that wants the backfill; resolves once it is about to change something. */
async function start(url: string, folder: string): Promise<{ child: ChildProcess; ended: Promise<string> }> {
  const child = spawn(process.execPath, [program, url, folder, "1"], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
  // Not "exit": what it wrote may still be on its way then.
  const ended = once(child, "close").then(() => output);
  while (!output.includes("working") && child.exitCode === null && child.signalCode === null) {
    await Promise.race([once(child.stdout!, "data"), ended]);
  }
  return { child, ended };
}

/** Waits until a backfill has come past a number of rows; false when the process has ended before. */
async function untilPast(ledger: ScratchLedger, rows: number, child: ChildProcess): Promise<boolean> {
  const running = () => child.exitCode === null && child.signalCode === null;
  while (running() && ((await cursor(ledger)) ?? 0) <= rows)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return running();
}

test("killed at any instant, client or server, every row is written once in the end", async () => {
  const ledger = await withRows(2_000);
  const folder = migrationsFolder({
    "1_fill.sql": UP.replace("chunk 100", "chunk 20")
      .replace("update t", "with slow as (select pg_sleep(0.05)) update t")
      .replace("where", "from slow where"),
    "rollbacks/1_fill.sql": DOWN,
  });
  const { url } = ledger;
  let past = -1;
  let killed = 0;
  for (const way of ["client", "server", "client"]) {
    const { child, ended } = await start(url, folder.path);
    const again = await scratchLedgerReader(url);
    if (await untilPast(again, past, child)) {
      past = (await cursor(again)) ?? 0;
      killed += 1;
      if (way === "client") child.kill("SIGKILL");
      else postgres.stop("immediate");
    }
    await ended;
    if (way === "server") postgres.start();
  }
  expect(killed).toBe(3);
  expect(await (await start(url, folder.path)).ended).toBe("working\ndone\n");
  const reader = await scratchLedgerReader(url);
  expect(await state(reader)).toEqual({ once: 2_000, rest: 0, right: true });
  expect(verifyAudit(await Array.fromAsync(exportAudit(reader.db))).ok).toBe(true);
  folder.remove();
});

async function scratchLedgerReader(url: string): Promise<ScratchLedger> {
  const db = await connect(url);
  open.push({ db });
  return { db, url } as ScratchLedger;
}

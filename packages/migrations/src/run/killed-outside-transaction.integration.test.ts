import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { connect, type Database } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MigrationsFolder, migrationsFolder } from "../../testing/migrations-folder.ts";

const program = fileURLToPath(new URL("../../testing/converge-process.ts", import.meta.url));

let postgres: ScratchPostgres;
let folder: MigrationsFolder;
beforeAll(async () => {
  postgres = await scratchPostgres();
  folder = migrationsFolder({
    "1_i.sql": "create unique index concurrently i on t (id);",
    "rollbacks/1_i.sql": "drop index concurrently i;",
  });
});
afterAll(() => {
  postgres?.remove();
  folder?.remove();
});

/** Brings the database to the first `head` migrations, in a process that can be killed. */
function converge(url: string, head: number): { child: ChildProcess; ended: Promise<string> } {
  const child = spawn(process.execPath, [program, url, folder.path, String(head)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  // Not "exit": what it wrote may still be on its way then.
  return { child, ended: once(child, "close").then(() => output) };
}

async function tableWithRows(): Promise<{ url: string; db: Database; blocker: Database }> {
  const url = await postgres.createDatabase();
  const [db, blocker] = [await connect(url), await connect(url)];
  await db.script("create table t (id int); insert into t select * from generate_series(1, 100)");
  return { url, db, blocker };
}

const waitsForLock = (db: Database) =>
  db.query(
    `select from pg_stat_activity
     where datname = current_database() and query like 'create unique index%' and wait_event_type = 'Lock'`,
  );
const untilItWaits = (db: Database) =>
  expect.poll(() => waitsForLock(db), { timeout: 30_000 }).toHaveLength(1);
const indexes = (db: Database) =>
  db.query(
    "select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where indrelid = 't'::regclass",
  );

test("an index that a killed client left in the making does not come to be after the run that does not want it", async () => {
  const { url, db, blocker } = await tableWithRows();
  await blocker.script("begin; lock table t in share mode");
  const killed = converge(url, 1);
  await untilItWaits(db);
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect(await waitsForLock(db)).toHaveLength(1);
  expect(await converge(url, 0).ended).toBe("working\ndone\n");
  await blocker.script("commit");
  expect(await waitsForLock(db)).toEqual([]);
  expect(await indexes(db)).toEqual([]);
  for (const each of [db, blocker]) await each.end();
});

test.each(["client", "server"] as const)(
  "an index half made when the %s is killed is made anew by the next run",
  async (victim) => {
    let { url, db, blocker } = await tableWithRows();
    await blocker.script("begin; insert into t values (0)");
    const killed = converge(url, 1);
    await untilItWaits(db);
    expect(await indexes(db)).toEqual([{ name: "i", valid: false }]);
    if (victim === "client") killed.child.kill("SIGKILL");
    else postgres.stop("immediate");
    await killed.ended;
    if (victim === "server") {
      postgres.start();
      [db, blocker] = [await connect(url), await connect(url)];
      expect(await indexes(db)).toEqual([{ name: "i", valid: false }]);
    }
    const next = converge(url, 1);
    if (victim === "client") {
      await untilItIsDropped(db);
      await blocker.script("commit");
    }
    expect(await next.ended).toBe("working\ndone\n");
    expect(await indexes(db)).toEqual([{ name: "i", valid: true }]);
    for (const each of [db, blocker]) await each.end();
  },
);

/** The next run has ended what the killed one left, and waits for the writer itself. */
async function untilItIsDropped(db: Database): Promise<void> {
  const waits =
    "select from pg_stat_activity where query like 'drop index concurrently%' and wait_event_type = 'Lock'";
  await expect.poll(() => db.query(waits), { timeout: 30_000 }).toHaveLength(1);
  expect(await waitsForLock(db)).toEqual([]);
}

test("rows that are there twice fail a unique index, leave none, and once they are gone the next run makes it", async () => {
  const { url, db, blocker } = await tableWithRows();
  await db.script("insert into t values (7)");
  const output = await converge(url, 1).ended;
  expect(output).toContain('could not create unique index "i" (SQLSTATE 23505)');
  expect(await indexes(db)).toEqual([]);
  await db.script("delete from t where ctid in (select max(ctid) from t where id = 7)");
  expect(await converge(url, 1).ended).toBe("working\ndone\n");
  expect(await indexes(db)).toEqual([{ name: "i", valid: true }]);
  for (const each of [db, blocker]) await each.end();
});

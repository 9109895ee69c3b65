import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { connect, exportAudit, readLedger, verifyAudit } from "@slipway/ledger";
import {
  type ScratchPostgres,
  scratchPostgres,
  seededRandom,
  testCount,
  testSeed,
} from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MigrationsFolder, migrationsFolder } from "../../testing/migrations-folder.ts";
import { diffFingerprints } from "../catalog/diff-fingerprints.ts";
import { fingerprint } from "../catalog/fingerprint.ts";

const COUNT = 30;
const KILLS = testCount("SLIPWAY_KILLS", 16);
/** After so many the run goes to its end, and is compared with the direct way. */
const KILLS_BETWEEN = 8;
const program = fileURLToPath(new URL("../../testing/converge-process.ts", import.meta.url));

let postgres: ScratchPostgres;
let folder: MigrationsFolder;
beforeAll(async () => {
  postgres = await scratchPostgres();
  folder = migrationsFolder(chain());
});
afterAll(() => {
  postgres?.remove();
  folder?.remove();
});

/**
 * Migrations of each kind of run: tables that write down each time they are made, an index outside of transactions, new
 * values of an enum, a backfill that leaves a mark each time it comes by, and VACUUM.
 */
function chain(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let n = 1; n <= COUNT; n++) {
    const [up, down] = step(n);
    const id = `${n}_step`;
    files[`${id}.sql`] = `-- slipway: lossless rows of a test\n${up}`;
    files[`rollbacks/${id}.sql`] = down;
  }
  return files;
}

function step(n: number): [up: string, down: string] {
  const pause = "select set_config('a.b', pg_sleep(0.01)::text, true);";
  switch (n % 7) {
    case 0:
      return [`create index concurrently i${n} on filled (id);`, `drop index concurrently i${n};`];
    case 3:
      return [
        `create type e${n} as enum ('a'); alter type e${n} add value 'b'; ${pause} alter type e${n} add value 'c';`,
        `drop type e${n};`,
      ];
    case 5:
      return [
        `-- slipway: backfill filled by id chunk 20\ninsert into marks select ${n}, id from filled where id between $1 and $2;`,
        `delete from marks where step = ${n}; ${pause}`,
      ];
    case 6:
      return n % 2 === 0
        ? ["vacuum filled;", "vacuum (analyze) filled;"]
        : ["reindex table concurrently filled;", "reindex table concurrently filled;"];
    default:
      return [
        `create table t${n} (id int); insert into made values (${n}); ${pause}`,
        `drop table t${n}; delete from made where n = ${n}; ${pause}`,
      ];
  }
}

/** Starts a run to the first `head` migrations; resolves once it is about to change something. */
async function start(url: string, head: number): Promise<{ child: ChildProcess; ended: Promise<string> }> {
  const child = spawn(process.execPath, [program, url, folder.path, String(head)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout?.on("data", (data) => {
    output += data;
  });
  child.stderr?.on("data", (data) => {
    output += data;
  });
  // Not "exit": what it wrote may still be on its way then.
  const ended = once(child, "close").then(() => output);
  while (!output.includes("working") && child.exitCode === null && child.signalCode === null) {
    await Promise.race([once(child.stdout!, "data"), ended]);
  }
  return { child, ended };
}

/** Lets a run come to its end and compares the database with one that went there directly. */
async function converge(url: string, head: number, because: string): Promise<void> {
  const { ended } = await start(url, head);
  expect(await ended, because).toBe("working\ndone\n");
  const directUrl = await postgres.createDatabase();
  await prepare(directUrl);
  expect(await (await start(directUrl, head)).ended).toBe("working\ndone\n");

  const [walked, direct] = [await connect(url), await connect(directUrl)];
  const ids = Array.from({ length: head }, (_, index) => `${index + 1}_step`);
  expect(
    (await readLedger(walked)).applied.map(({ id }) => id),
    because,
  ).toEqual(ids);
  const differences = diffFingerprints(await fingerprint(direct), await fingerprint(walked));
  expect(differences.differences, because).toEqual([]);
  const rows =
    "select array(select n from made order by n) as made, array(select m from marks m order by m) as marks";
  expect(await walked.query(rows), because).toEqual(await direct.query(rows));
  const { ok } = verifyAudit(await Array.fromAsync(exportAudit(walked)));
  expect(ok, because).toBe(true);
  await walked.end();
  await direct.end();
}

async function prepare(url: string): Promise<void> {
  const db = await connect(url);
  await db.script(`create table made (n int);
    create table marks (step int, id int);
    create table filled (id int primary key);
    insert into filled select * from generate_series(1, 100)`);
  await db.end();
}

test(`runs that are killed ${KILLS} times, or whose server is, leave nothing twice and nothing half`, {
  timeout: 120_000 + KILLS * 20_000,
}, async () => {
  const seed = testSeed();
  const random = seededRandom(seed);
  const url = await postgres.createDatabase();
  await prepare(url);
  for (let kill = 1; kill <= KILLS; kill++) {
    const head = Math.floor(random() * (COUNT + 1));
    const server = random() < 0.3;
    const { child, ended } = await start(url, head);
    await new Promise((resolve) => setTimeout(resolve, random() * 500));
    if (server) postgres.stop("immediate");
    else child.kill("SIGKILL");
    await ended;
    if (server) postgres.start();
    if (kill % KILLS_BETWEEN === 0 || kill === KILLS) {
      const end = Math.floor(random() * (COUNT + 1));
      await converge(url, end, `SLIPWAY_KILLS=${KILLS} SLIPWAY_SEED=${seed}, after kill ${kill}`);
    }
  }
});

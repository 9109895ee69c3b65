import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { connect, exportAudit, readLedger, verifyAudit } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MigrationsFolder, migrationsFolder } from "../../testing/migrations-folder.ts";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { diffFingerprints } from "../catalog/diff-fingerprints.ts";
import { fingerprint } from "../catalog/fingerprint.ts";

const COUNT = 30;
const KILLS = 12;
const CRASHES = 4;
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

/** Tables that write down each time they are made; every seventh migration is an index outside of transactions. */
function chain(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let n = 1; n <= COUNT; n++) {
    const [up, down] =
      n % 7 === 0
        ? [`create index concurrently i${n} on t${n - 1} (id);`, `drop index concurrently i${n};`]
        : [
            `create table t${n} (id int); insert into made values (${n}); select pg_sleep(0.01);`,
            `drop table t${n}; delete from made where n = ${n}; select pg_sleep(0.01);`,
          ];
    const id = `${n}_step`;
    files[`${id}.sql`] = `-- slipway: lossless rows of a test\n${up}`;
    files[`rollbacks/${id}.sql`] = down.replace(
      "select pg_sleep(0.01);",
      "select set_config('a.b', pg_sleep(0.01)::text, true);",
    );
  }
  return files;
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
  const ended = once(child, "exit").then(() => output);
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
  const rows = "select n from made order by n";
  expect(await walked.query(rows), because).toEqual(await direct.query(rows));
  const { ok } = verifyAudit(await Array.fromAsync(exportAudit(walked)));
  expect(ok, because).toBe(true);
  await walked.end();
  await direct.end();
}

async function prepare(url: string): Promise<void> {
  const db = await connect(url);
  await db.script("create table made (n int)");
  await db.end();
}

test(`runs killed at ${KILLS} instants, forth and back, leave nothing twice and nothing half`, async () => {
  const seed = testSeed();
  const random = seededRandom(seed);
  const url = await postgres.createDatabase();
  await prepare(url);
  for (let kill = 1; kill <= KILLS; kill++) {
    const head = Math.floor(random() * (COUNT + 1));
    const { child, ended } = await start(url, head);
    await new Promise((resolve) => setTimeout(resolve, random() * 500));
    child.kill("SIGKILL");
    await ended;
    if (kill % 4 === 0) {
      const end = Math.floor(random() * (COUNT + 1));
      await converge(url, end, `SLIPWAY_SEED=${seed}, after kill ${kill}`);
    }
  }
});

test(`a server that crashes at ${CRASHES} instants forgets a migration and its row together`, async () => {
  const seed = testSeed();
  const random = seededRandom(seed);
  const url = await postgres.createDatabase();
  await prepare(url);
  for (let crash = 1; crash <= CRASHES; crash++) {
    const head = crash % 2 === 1 ? COUNT : Math.floor((random() * COUNT) / 2);
    const { ended } = await start(url, head);
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
    postgres.stop("immediate");
    await ended;
    postgres.start();
  }
  await converge(url, COUNT, `SLIPWAY_SEED=${seed}, after ${CRASHES} crashes`);
});

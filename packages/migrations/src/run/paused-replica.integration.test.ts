import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Database } from "@slipway/ledger";
import { postgresBinaries } from "@slipway/toolchain";
import { debianPostgres, debianPrograms, freePort, type ScratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { applyMigrations } from "./apply-migrations.ts";

let primary: ScratchPostgres | string;
let standby: { readonly url: string; remove(): void } | undefined;
beforeAll(async () => {
  primary = await debianPostgres();
  if (typeof primary !== "string") standby = await standbyOf(primary);
}, 300_000);
afterAll(() => {
  standby?.remove();
  if (typeof primary !== "string") primary?.remove();
});

/** Starts a streaming replica on a free loopback port. */
async function standbyOf({ port: from }: ScratchPostgres): Promise<{ url: string; remove(): void }> {
  const { runAs } = postgresBinaries();
  const folder = mkdtempSync(join(tmpdir(), "slipway-standby-"));
  if (runAs) chownSync(folder, runAs.uid, runAs.gid);
  const data = join(folder, "data");
  const port = await freePort();
  const program = (name: string, args: readonly string[]) =>
    execFileSync(join(debianPrograms, name), args, { ...runAs, cwd: folder, stdio: "ignore" });
  const source = ["-h", "127.0.0.1", "-p", String(from), "-U", "postgres"];
  program("pg_basebackup", [...source, "-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync"]);
  // A standby has to allow as many connections as its primary.
  const server = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200 -c wal_receiver_status_interval=1`;
  program("pg_ctl", ["-D", data, "-o", server, "-l", join(folder, "log"), "-w", "start"]);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    remove() {
      program("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test("a backfill waits for a replica that stands still, can be stopped while it waits, and goes on when it follows", async ({
  skip,
}) => {
  skip(typeof primary === "string", String(primary));
  if (typeof primary === "string" || standby === undefined) return;
  const { db, context } = await scratchLedger(await primary.createDatabase());
  const replica = await connect(standby.url);
  await db.script(`create table t (id int primary key, n int not null default 0);
    insert into t select * from generate_series(1, 2000)`);
  await untilFollowed(db);
  await replica.script("select pg_wal_replay_pause()");
  const fill = await sqlMigration(
    "1_fill",
    `-- slipway: backfill t by id chunk 20
     with slow as (select pg_sleep(0.05)) update t set n = n + 1 from slow where id between $1 and $2;`,
    "update t set n = 0;",
  );
  /** Runs until it waits, and then does something; gives what was told. */
  const runUntilItWaits = async (then: () => void, signal?: AbortSignal) => {
    const waits: string[] = [];
    await applyMigrations(db, [fill], {
      ...context,
      ...(signal === undefined ? {} : { signal }),
      limits: { replicaLagMs: 500 },
      onProgress(text) {
        if (text.includes("waits: ") && waits.push(text) === 1) then();
      },
    }).catch((error: { code: string }) => waits.push(error.code));
    return waits;
  };
  const done = async () =>
    (await db.query<{ n: number }>("select coalesce(sum(n), 0)::int as n from t"))[0]!.n;

  const abort = new AbortController();
  const stopped = await runUntilItWaits(() => abort.abort(), abort.signal);
  expect(stopped[0]).toMatch(/^backfill of 1_fill waits: a replica is \d+ s and \d+ MB behind$/);
  expect(stopped.at(-1)).toBe("INTERRUPTED");
  const before = await done();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(2_000);

  let during = -1;
  const gone = await runUntilItWaits(() => {
    void (async () => {
      const other = await db.another!();
      const count = async () => (await other.query<{ n: number }>("select sum(n)::int as n from t"))[0]!.n;
      const first = await count();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      during = (await count()) - first;
      await other.end();
      await replica.script("select pg_wal_replay_resume()");
    })();
  });
  expect(gone.length).toBeGreaterThan(0);
  expect(gone).not.toContain("INTERRUPTED");
  expect(during).toBe(0);
  expect(await db.query("select count(*)::int as rows, min(n) as least, max(n) as most from t")).toEqual([
    { rows: 2_000, least: 1, most: 1 },
  ]);
  await replica.end();
  await db.end();
});

/** Waits until all is replayed and the server has forgotten how long that took. */
async function untilFollowed(db: Database): Promise<void> {
  const follows = `select replay_lsn = pg_current_wal_lsn() as there, replay_lag is null as quiet
    from pg_stat_replication where state = 'streaming'`;
  await expect.poll(() => db.query(follows), { timeout: 60_000 }).toEqual([{ there: true, quiet: true }]);
}

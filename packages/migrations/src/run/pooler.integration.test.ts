import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquireLease, connect, type Database, readLedger } from "@slipway/ledger";
import { freePort, requireDebian, type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { fingerprint } from "../catalog/fingerprint.ts";
import { applyMigrations } from "./apply-migrations.ts";

let missing: string | null;
let postgres: ScratchPostgres;
let folder: string;
let pooler: ChildProcess | undefined;
let port: number;
beforeAll(async () => {
  missing = await requireDebian(["pgbouncer"]);
  if (missing !== null) return;
  postgres = await scratchPostgres();
  folder = mkdtempSync(join(tmpdir(), "slipway-pooler-"));
  port = await freePort();
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    `[databases]
* = host=127.0.0.1 port=${postgres.port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
server_round_robin = 1
ignore_startup_parameters = extra_float_digits
`,
    { mode: 0o644 },
  );
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  pooler = spawn("/usr/sbin/pgbouncer", [...user, join(folder, "pgbouncer.ini")], {
    stdio: "ignore",
    cwd: "/",
  });
}, 300_000);
afterAll(() => {
  pooler?.kill("SIGKILL");
  postgres?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Connects through the pooler, once it listens. */
async function pooled(name: string): Promise<Database> {
  const url = `postgres://postgres@127.0.0.1:${port}/${name}`;
  for (let tries = 0; ; tries++) {
    try {
      return await connect(url);
    } catch (error) {
      if (tries >= 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

test("two runners through a transaction pooler: one has the lease, the other is refused, each migration runs once", async ({
  skip,
}) => {
  skip(missing !== null, missing ?? "");
  const direct = await scratchLedger(await postgres.createDatabase("pooled"));
  await direct.db.script("update slipway.lease set expires_at = clock_timestamp()");
  const migrations = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      sqlMigration(`${n + 1}_t`, `create table t${n} (id int primary key);`, `drop table t${n};`),
    ),
  );
  const request = { reason: "test", ttlMs: 600_000, pid: null, host: null, processStart: null };
  const runners = await Promise.all(
    ["ann", "bob"].map(async (owner) => ({ owner, db: await pooled("pooled") })),
  );
  const outcomes = await Promise.all(
    runners.map(async ({ owner, db }) => {
      try {
        const { token } = await acquireLease(db, { ...request, owner });
        await applyMigrations(db, migrations, { ...direct.context, token, actor: owner });
        return "applied";
      } catch (error) {
        return (error as { code: string }).code;
      }
    }),
  );
  expect(outcomes.sort()).toEqual(["LEASE_HELD", "applied"]);
  expect((await readLedger(direct.db)).applied).toHaveLength(60);
  // Nothing of one client's session is left for the next: not the timeouts, not the name.
  for (const { db } of runners) {
    expect(
      await db.query(
        "select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement",
      ),
    ).toEqual([{ lock: "0", statement: "0" }]);
  }
  expect((await fingerprint(runners[0]!.db)).hash).toBe((await fingerprint(direct.db)).hash);
  for (const { db } of [...runners, direct]) await db.end();
});

test("what cannot run in a transaction leaves nothing of its session in the pool, and is found to be cancelled", async ({
  skip,
}) => {
  skip(missing !== null, missing ?? "");
  const direct = await scratchLedger(await postgres.createDatabase("outside"));
  await direct.db.script("create table t (id int)");
  const runner = await pooled("outside");
  // More than one session is in the pool, so that a setting stays behind in one that the next statement does not get.
  const others = await Promise.all(Array.from({ length: 5 }, () => pooled("outside")));
  await Promise.all(others.map((db) => db.script("select pg_sleep(0.3)")));
  expect([await runner.pooled?.(), await direct.db.pooled?.()]).toEqual([true, false]);
  const index = await sqlMigration(
    "1_i",
    "create index concurrently i on t (id); create index concurrently j on t (id); vacuum t;",
    "drop index concurrently j; drop index concurrently i;",
  );
  await applyMigrations(runner, [index], direct.context);
  expect((await readLedger(direct.db)).applied.map(({ id }) => id)).toEqual(["1_i"]);
  const settings = async () => {
    const found = new Set<string>();
    for (let look = 0; look < 12; look++) {
      const [left] = await others[look % others.length]!.query<{ lock: string }>(
        "select current_setting('lock_timeout') as lock",
      );
      found.add(left!.lock);
    }
    return [...found];
  };
  expect(await settings()).toEqual(["0"]);

  await direct.db.script("begin; insert into t values (1)");
  const abort = new AbortController();
  const blocked = await sqlMigration("2_k", "create index concurrently k on t (id);", "drop index k;");
  const run = applyMigrations(runner, [blocked], { ...direct.context, signal: abort.signal });
  const watcher = others[0]!;
  const waits =
    "select from pg_stat_activity where query like '%index concurrently k%' and wait_event_type = 'Lock'";
  await expect.poll(() => watcher.query(waits), { timeout: 20_000 }).toHaveLength(1);
  expect(await settings()).toEqual(["0"]);
  abort.abort();
  await expect(run).rejects.toMatchObject({ code: "INTERRUPTED" });
  await direct.db.script("rollback");
  // What the writer kept it from removing is made anew.
  await applyMigrations(runner, [blocked], direct.context);
  expect(
    await direct.db.query("select indisvalid as valid from pg_index where indexrelid = 'k'::regclass"),
  ).toEqual([{ valid: true }]);
  for (const db of [runner, ...others, direct.db]) await db.end();
});

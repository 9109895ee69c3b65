import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SlipwayError } from "@slipway/kernel";
import { connect } from "@slipway/ledger";
import { postgresBinaries } from "@slipway/toolchain";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { applyMigrations } from "./apply-migrations.ts";

const DISK_MB = 16;
let postgres: ScratchPostgres;
let folder: string;
let missing: string | null;
beforeAll(async () => {
  missing = mountRefused();
  if (missing !== null) return;
  postgres = await scratchPostgres();
  folder = mkdtempSync(join(tmpdir(), "slipway-disk-"));
  await restartWithSmallDisk();
});
afterAll(() => {
  postgres?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Why no small disk can be mounted here; null when one can. */
function mountRefused(): string | null {
  if (process.getuid?.() !== 0) return "a small disk is mounted by root";
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], { stdio: "pipe" });
    return null;
  } catch (error) {
    return `no disk can be mounted in a namespace of its own: ${error instanceof Error ? error.message : error}`;
  }
}

/** Restarts the server where the folder is a small disk: in a mount namespace that ends with the server. */
async function restartWithSmallDisk(): Promise<void> {
  const { pgCtl, runAs } = postgresBinaries();
  const admin = await connect(postgres.adminUrl);
  const [row] = await admin.query<{ data: string }>("select current_setting('data_directory') as data");
  await admin.end();
  const { uid, gid } = runAs ?? { uid: 0, gid: 0 };
  const inside = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec setpriv "$@"';
  const user = ["--reuid", String(uid), "--regid", String(gid), "--clear-groups"];
  const restart = [
    pgCtl,
    "-D",
    row!.data,
    "-m",
    "fast",
    "-l",
    join(row!.data, "log-small-disk"),
    "-w",
    "restart",
  ];
  execFileSync(
    "unshare",
    [
      "--mount",
      "sh",
      "-c",
      inside,
      "sh",
      `size=${DISK_MB}m,uid=${uid},gid=${gid}`,
      folder,
      ...user,
      ...restart,
    ],
    { stdio: "ignore", cwd: "/" },
  );
}

test("a disk that is full in a backfill keeps the chunks before, says what to do, and once there is space the next run goes on", async ({
  skip,
}) => {
  skip(missing !== null, missing ?? "");
  const { db, context } = await scratchLedger(await postgres.createDatabase());
  await db.script(`create tablespace small location '${folder}'`);
  await db.script(`create table ballast (filling text) tablespace small;
    alter table ballast alter column filling set storage external;
    insert into ballast select repeat('x', 1000000) from generate_series(1, 6);
    create table t (id int primary key, filling text, n int not null default 0) tablespace small;
    alter table t alter column filling set storage external;
    insert into t (id) select * from generate_series(1, 400)`);
  const fill = await sqlMigration(
    "1_fill",
    "-- slipway: backfill t by id chunk 10\nupdate t set filling = repeat('y', 30000), n = n + 1 where id between $1 and $2;",
    "update t set filling = null, n = 0;",
  );
  const error = await applyMigrations(db, [fill], context).then(
    () => expect.fail("the disk was never full"),
    (refused: SlipwayError) => refused,
  );
  expect(error.code).toBe("SCHEMA_APPLY_FAILED");
  expect(error.message).toContain("No space left on device (SQLSTATE 53100)");
  expect(error.message).toContain("the chunks before this one stay");
  expect(error.todo).toContain("Free disk space on the database server, then run slipway up again");
  const [cursor] = await db.query<{ done: number }>("select rows_done::int as done from slipway.backfills");
  expect(cursor!.done).toBeGreaterThan(0);
  const counted =
    "select count(*) filter (where n = 1)::int as once, count(*) filter (where n > 1)::int as more from t";
  expect(await db.query(counted)).toEqual([{ once: cursor!.done, more: 0 }]);

  await db.script("drop table ballast");
  await applyMigrations(db, [fill], context);
  expect(await db.query(counted)).toEqual([{ once: 400, more: 0 }]);
  // The small disk is the server's alone: here its folder is empty, and nothing is mounted.
  expect(readdirSync(folder)).toEqual([]);
  expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain(folder);
  await db.end();
});

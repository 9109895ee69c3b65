// One file on purpose: all that applying promises, on one server and with the same few migrations.
import { renderError, type SlipwayError } from "@slipway/kernel";
import { acquireLease, connect, exportAudit, readLedger, verifyAudit } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ScratchLedger, scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import type { Migration } from "../migration.ts";
import { applyMigrations } from "./apply-migrations.ts";
import type { MigrationProgress } from "./run-context.ts";
import { unfinishedMigrations } from "./unfinished-migrations.ts";

let postgres: ScratchPostgres;
const open: ScratchLedger[] = [];
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterEach(async () => {
  for (const { db } of open.splice(0)) await db.end();
});
afterAll(() => postgres?.remove());

async function freshLedger(): Promise<ScratchLedger> {
  const ledger = await scratchLedger(await postgres.createDatabase());
  open.push(ledger);
  return ledger;
}

async function secondConnection({ url }: ScratchLedger) {
  const db = await connect(url);
  open.push({ db } as ScratchLedger);
  return db;
}

/** Waits until a session of the ledger's database is seen in a state, as `pg_stat_activity` has it. */
async function untilSeen(ledger: ScratchLedger, state: string): Promise<void> {
  const watcher = await secondConnection(ledger);
  const sessions = () =>
    watcher.query(`select from pg_stat_activity where datname = current_database() and ${state}`);
  await expect.poll(sessions).toHaveLength(1);
}

/** Migrations that make a table each: `1_t1`, `2_t2`, … */
const tables = (count: number): Promise<Migration[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      sqlMigration(
        `${index + 1}_t${index + 1}`,
        `create table t${index + 1} (id int primary key);`,
        `drop table t${index + 1};`,
      ),
    ),
  );

const appliedOf = async ({ db }: ScratchLedger) => (await readLedger(db)).applied.map(({ id }) => id);
const tablesOf = async ({ db }: ScratchLedger) =>
  (
    await db.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by oid",
    )
  ).map(({ name }) => name);

async function failureOf(work: Promise<unknown>): Promise<SlipwayError> {
  return work.then(
    () => expect.fail("it went through"),
    (error: SlipwayError) => error,
  );
}

describe("applying", () => {
  test("runs every migration once, in order, each with its row, its SQL and its audit event", async () => {
    const ledger = await freshLedger();
    const migrations = await tables(120);
    const seen: MigrationProgress[] = [];
    await applyMigrations(ledger.db, migrations, {
      ...ledger.context,
      release: (id) => `1.${id.split("_")[0]}.0`,
      onProgress: (_message, progress) => seen.push(progress),
    });
    const ids = migrations.map(({ id }) => id);
    expect(await appliedOf(ledger)).toEqual(ids);
    expect(seen.map(({ id, state, position }) => [id, state, position])).toEqual(
      ids.map((id, index) => [id, "done", index + 1]),
    );
    expect((await readLedger(ledger.db)).applied[6]).toMatchObject({
      id: "7_t7",
      ordinal: 7,
      release: "1.7.0",
      phase: "expand",
      kind: "lossy",
      upSha256: migrations[6]!.upSha256,
      downSha256: migrations[6]!.downSha256,
    });
    const stored = await ledger.db.query("select up_sql, down_sql from slipway.migrations where ordinal = 7");
    expect(stored).toEqual([{ up_sql: migrations[6]!.up, down_sql: migrations[6]!.down }]);
    const events = await Array.fromAsync(exportAudit(ledger.db));
    expect(verifyAudit(events).ok).toBe(true);
    expect(events.filter(({ kind }) => kind === "migration.applied").map(({ subject }) => subject)).toEqual(
      ids,
    );
  });

  test("keeps SQL as it was written: quotes, backslashes, comments without a line end, dollar quotes", async () => {
    const ledger = await freshLedger();
    const up = `create table t (v text default 'it''s \\ "x"'); -- äöü 😀 $1 :name
      create function f() returns text language plpgsql as $body$ begin return E'a\\nb'; end; $body$; -- the end`;
    await applyMigrations(
      ledger.db,
      [await sqlMigration("1_a", up, "drop function f; -- end")],
      ledger.context,
    );
    expect(await ledger.db.query("select up_sql, down_sql from slipway.migrations")).toEqual([
      { up_sql: up, down_sql: "drop function f; -- end" },
    ]);
  });

  test("starts each migration in a clean session: no settings, roles or temporary tables of the one before", async () => {
    const ledger = await freshLedger();
    await ledger.db.script("create role app; create schema other; grant all on schema other, public to app");
    const state = `create table %T as select current_user::text as who, current_schema()::text as at,
      current_setting('work_mem') as mem, to_regclass('pg_temp.scratch')::text as temp`;
    const migrations = [
      await sqlMigration(
        "1_a",
        `set search_path = other; set work_mem = '77MB'; set standard_conforming_strings = off;
         create temp table scratch (id int); set role app; create table made_as_app ()`,
        "select 1",
      ),
      await sqlMigration("2_b", state.replace("%T", "public.b"), "drop table b"),
      await sqlMigration("3_c", "set session authorization app; set local search_path = other", "select 1"),
      await sqlMigration("4_d", state.replace("%T", "public.d"), "drop table d"),
    ];
    await applyMigrations(ledger.db, migrations, ledger.context);
    const clean = { who: "postgres", at: "public", mem: "4MB", temp: null };
    expect(await ledger.db.query("select * from b union all select * from d")).toEqual([clean, clean]);
    expect(
      await ledger.db.query("select relowner::regrole::text from pg_class where relname = 'made_as_app'"),
    ).toEqual([{ relowner: "app" }]);
  });

  test("a secret in the actor's name is not recorded", async () => {
    const ledger = await freshLedger();
    ledger.db.redactor?.add("not-for-the-ledger");
    await applyMigrations(ledger.db, await tables(1), { ...ledger.context, actor: "ana not-for-the-ledger" });
    expect((await readLedger(ledger.db)).applied[0]?.appliedBy).toBe("ana [redacted]");
  });

  test("a message of more than a megabyte is cut", async () => {
    const ledger = await freshLedger();
    const migrations = await Promise.all(
      [1, 2, 3].map((n) =>
        sqlMigration(
          `${n}_t`,
          `create table t${n} as select '${"x".repeat(900_000)}' as v;`,
          `drop table t${n};`,
        ),
      ),
    );
    await applyMigrations(ledger.db, migrations, ledger.context);
    expect(await appliedOf(ledger)).toEqual(["1_t", "2_t", "3_t"]);
  });
});

describe("a migration that fails", () => {
  test("is named with file, line, column, the line itself and the server's words; those before it stay", async () => {
    const ledger = await freshLedger();
    const migrations = await tables(5);
    migrations[3] = await sqlMigration(
      "4_bad",
      "-- äöü 😀\ncreate table half ();\n  insert into t1 values ('😀', 1);\n",
      "select 1",
    );
    const error = await failureOf(applyMigrations(ledger.db, migrations, ledger.context));
    expect(renderError(error)).toBe(
      [
        'SCHEMA_APPLY_FAILED: Cannot apply migration "4_bad": 4_bad.sql:3:31: INSERT has more expressions than target columns (SQLSTATE 42601)',
        "    3 |   insert into t1 values ('😀', 1);",
        "    nothing of it was applied; 3 of 5 were applied before it and stay",
        "  do:   Correct the migration in a new release, or remove what stands in its way and run slipway up again",
        "  more: slipway explain SCHEMA_APPLY_FAILED",
      ].join("\n"),
    );
    expect(await appliedOf(ledger)).toEqual(["1_t1", "2_t2", "3_t3"]);
    expect(await tablesOf(ledger)).toEqual(["t1", "t2", "t3"]);
  });

  test("while it runs, and not in its words, is named by the statement and the function it was in", async () => {
    const ledger = await freshLedger();
    const up = `create function f() returns void language plpgsql as $$
begin
  raise exception 'no %', 'way' using hint = 'try another', detail = 'row (secret)';
end $$;

select 1;
select f();`;
    const error = await failureOf(
      applyMigrations(ledger.db, [await sqlMigration("1_a", up, "select 1")], ledger.context),
    );
    expect(error.message).toContain("1_a.sql:7:1: no way (SQLSTATE P0001)\n    7 | select f();");
    expect(error.message).toContain("in: PL/pgSQL function f() line 3 at RAISE");
    expect(error.message).toContain("hint: try another");
    expect(error.message).not.toContain("secret");
    expect(error.message).toContain("\n    nothing of it was applied");
  });

  test("at its commit has no line, and says why", async () => {
    const ledger = await freshLedger();
    const up = `create table p (id int primary key);
      create table c (p int references p deferrable initially deferred); insert into c values (1);`;
    const error = await failureOf(
      applyMigrations(ledger.db, [await sqlMigration("1_a", up, "select 1")], ledger.context),
    );
    expect(error.message).toMatch(/: insert or update on table "c" violates foreign key/);
    expect(await appliedOf(ledger)).toEqual([]);
  });

  test("that is not even SQL does not keep those before it from being applied", async () => {
    const ledger = await freshLedger();
    const [first, second] = await tables(2);
    const broken = { ...second!, up: "create tabel t2 ();" };
    const error = await failureOf(applyMigrations(ledger.db, [first!, broken], ledger.context));
    expect(error).toMatchObject({ code: "MIGRATION_INVALID" });
    expect(error.message).toContain("2_t2.sql:1:8: syntax error");
    expect(await appliedOf(ledger)).toEqual(["1_t1"]);
  });

  test("with a lost lease changes nothing", async () => {
    const ledger = await freshLedger();
    const other = await secondConnection(ledger);
    await other.query("update slipway.lease set expires_at = clock_timestamp()");
    await acquireLease(other, {
      owner: "b",
      reason: "b",
      ttlMs: 60_000,
      pid: null,
      host: null,
      processStart: null,
    });
    const error = await failureOf(applyMigrations(ledger.db, await tables(2), ledger.context));
    expect(error.code).toBe("LEASE_LOST");
    expect(await tablesOf(ledger)).toEqual([]);
  });

  test("because it is applied already is refused by the ledger", async () => {
    const ledger = await freshLedger();
    const again = await sqlMigration("1_t1", "create table if not exists t1 ();", "drop table t1;");
    await applyMigrations(ledger.db, [again], ledger.context);
    const error = await failureOf(applyMigrations(ledger.db, [again], ledger.context));
    expect(error.message).toContain("migration 1_t1 is applied already");
  });
});

describe("a lock that another transaction holds", () => {
  test("is waited for in short tries, which are shown, and the migration then goes through", async () => {
    const ledger = await freshLedger();
    await ledger.db.script("create table busy (id int)");
    const reader = await secondConnection(ledger);
    const [{ pid } = { pid: 0 }] = await reader.query<{ pid: number }>("select pg_backend_pid() as pid");
    await reader.script("set application_name = reports; begin; select * from busy");
    const messages: string[] = [];
    const held = `held by pid ${pid} "reports" (postgres), idle in a transaction for `;
    let seen = -1;
    const add = await sqlMigration(
      "2_add",
      "alter table busy add column note text;",
      "alter table busy drop column note;",
    );
    const applying = applyMigrations(ledger.db, [(await tables(1))[0]!, add], {
      ...ledger.context,
      limits: { lockTimeoutMs: 400 },
      onProgress: (message) => {
        messages.push(message);
        if (seen >= 0 || messages.length < 3 || !message.includes(held)) return;
        seen = messages.length - 1;
        void reader.script("commit");
      },
    });
    await applying;
    expect(messages[0]).toBe("applied 1_t1 (1 of 2)");
    expect(messages[1]).toMatch(/^waiting for a lock: 2_add \(try 1/);
    // The second try, or a later one where a look takes longer than a try.
    expect(messages[seen]).toContain(`waiting for a lock: 2_add (try ${seen}, ${held}`);
    expect(messages.at(-1)).toBe("applied 2_add (2 of 2)");
  });

  test("for longer than the deadline fails the migration", async () => {
    const ledger = await freshLedger();
    await ledger.db.script("create table busy (id int)");
    const reader = await secondConnection(ledger);
    await reader.script("set application_name = reports; begin; select * from busy");
    const add = await sqlMigration(
      "1_add",
      "-- slipway: lock_timeout 300ms\nselect 1;\nalter table busy add column note text;",
      "select 1;",
    );
    const error = await failureOf(
      applyMigrations(ledger.db, [add], {
        ...ledger.context,
        limits: { lockDeadlineMs: 5_000 },
      }),
    );
    expect(error.code).toBe("SCHEMA_APPLY_FAILED");
    expect(error.message).toContain("1_add.sql:3:1: canceling statement due to lock timeout");
    expect(error.message).toMatch(
      /the lock was not to be had in \d+ tries: held by pid \d+ "reports" \(postgres\), idle/,
    );
    expect(await appliedOf(ledger)).toEqual([]);
  });

  test("other time-outs are not tried again", async () => {
    const ledger = await freshLedger();
    const slow = await sqlMigration("1_slow", "select pg_sleep(60);", "select 1;");
    const error = await failureOf(
      applyMigrations(ledger.db, [slow], { ...ledger.context, limits: { statementTimeoutMs: 500 } }),
    );
    expect(error.message).toContain("canceling statement due to statement timeout");
  });
});

describe("an abort", () => {
  test("stops between migrations", async () => {
    const ledger = await freshLedger();
    const abort = new AbortController();
    const error = await failureOf(
      applyMigrations(ledger.db, await tables(120), {
        ...ledger.context,
        signal: abort.signal,
        onProgress: (_message, { position }) => position === 50 && abort.abort(),
      }),
    );
    expect(error).toMatchObject({ code: "INTERRUPTED", why: "50 of 120 are" });
    expect(await appliedOf(ledger)).toHaveLength(50);
  });

  test("cancels the statement that is running", async () => {
    const ledger = await freshLedger();
    const slow = await sqlMigration(
      "2_slow",
      "create table half (); select pg_sleep(90);",
      "drop table half;",
    );
    const abort = new AbortController();
    const started = performance.now();
    const failed = failureOf(
      applyMigrations(ledger.db, [(await tables(1))[0]!, slow], { ...ledger.context, signal: abort.signal }),
    );
    await untilSeen(ledger, "wait_event = 'PgSleep'");
    abort.abort();
    expect(await failed).toMatchObject({ code: "INTERRUPTED", why: "1 of 2 are" });
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(await tablesOf(ledger)).toEqual(["t1"]);
    expect(await appliedOf(ledger)).toEqual(["1_t1"]);
  });

  test("ends the wait for a lock", async () => {
    const ledger = await freshLedger();
    await ledger.db.script("create table busy (id int)");
    const reader = await secondConnection(ledger);
    await reader.script("begin; select * from busy");
    const add = await sqlMigration("1_add", "alter table busy add column note text;", "select 1;");
    const abort = new AbortController();
    const failed = failureOf(applyMigrations(ledger.db, [add], { ...ledger.context, signal: abort.signal }));
    await untilSeen(ledger, "wait_event_type = 'Lock'");
    abort.abort();
    expect((await failed).code).toBe("INTERRUPTED");
  });
});

describe("statements that cannot run in a transaction", () => {
  const index = () =>
    sqlMigration(
      "2_index",
      "create index concurrently t1_note on t1 (note);",
      "drop index concurrently t1_note;",
    );
  const table = () => sqlMigration("1_t1", "create table t1 (id int, note int);", "drop table t1;");

  test("run alone and are recorded after", async () => {
    const ledger = await freshLedger();
    await applyMigrations(ledger.db, [await table(), await index()], ledger.context);
    expect(await appliedOf(ledger)).toEqual(["1_t1", "2_index"]);
    expect(
      await ledger.db.query("select indisvalid from pg_index where indexrelid = 't1_note'::regclass"),
    ).toEqual([{ indisvalid: true }]);
    expect(await unfinishedMigrations(ledger.db)).toEqual([]);
  });

  test("that fail leave no invalid index", async () => {
    const ledger = await freshLedger();
    const unique = await sqlMigration(
      "2_index",
      "create unique index concurrently t1_note on t1 (note);",
      "select 1;",
    );
    const rows = await sqlMigration(
      "1_t1",
      "create table t1 (note int); insert into t1 values (1), (1);",
      "drop table t1;",
    );
    const error = await failureOf(applyMigrations(ledger.db, [rows, unique], ledger.context));
    expect(error.message).toContain("2_index.sql:1:1: could not create unique index");
    expect(await ledger.db.query("select to_regclass('t1_note') as name")).toEqual([{ name: null }]);
  });

  test("killed before they were recorded are gone on with, not done twice", async () => {
    const ledger = await freshLedger();
    await applyMigrations(ledger.db, [await table()], ledger.context);
    const event = JSON.stringify({ direction: "up", opposite: (await index()).down });
    await ledger.db.query(
      "select slipway.append_event(null, 'test', null, 'migration.started', '2_index', $1)",
      [event],
    );
    await ledger.db.script("create index concurrently t1_note on t1 (note)");
    await applyMigrations(ledger.db, [await index()], ledger.context);
    expect(await appliedOf(ledger)).toEqual(["1_t1", "2_index"]);
  });

  test("that find an invalid index of their name make it anew", async () => {
    const ledger = await freshLedger();
    await applyMigrations(ledger.db, [await table()], ledger.context);
    await ledger.db.script("create index t1_note on t1 (note)");
    await ledger.db.script("update pg_index set indisvalid = false where indexrelid = 't1_note'::regclass");
    await applyMigrations(ledger.db, [await index()], ledger.context);
    expect(
      await ledger.db.query("select indisvalid from pg_index where indexrelid = 't1_note'::regclass"),
    ).toEqual([{ indisvalid: true }]);
  });

  test("that find a whole index of their name which is not theirs fail", async () => {
    const ledger = await freshLedger();
    await applyMigrations(ledger.db, [await table()], ledger.context);
    await ledger.db.script("create index t1_note on t1 (id)");
    const error = await failureOf(applyMigrations(ledger.db, [await index()], ledger.context));
    expect(error.message).toContain('relation "t1_note" already exists');
  });
});

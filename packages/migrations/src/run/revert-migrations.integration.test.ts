// One file on purpose: all that undoing promises, on one server and with the same few migrations.
import type { SlipwayError } from "@slipway/kernel";
import { connect, exportAudit, readLedger, verifyAudit } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ScratchLedger, scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { adoptMigrations } from "../adopt/adopt-migrations.ts";
import { fingerprint } from "../catalog/fingerprint.ts";
import { checkRevert } from "../loss/check-revert.ts";
import { estimateLoss } from "../loss/estimate-loss.ts";
import { describeLoss } from "../loss/loss-estimate.ts";
import type { Migration } from "../migration.ts";
import { abandonUnfinished } from "./abandon-unfinished.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { revertMigrations } from "./revert-migrations.ts";
import { unfinishedMigrations } from "./unfinished-migrations.ts";

let postgres: ScratchPostgres;
const open: { db: { end(): Promise<void> } }[] = [];
beforeAll(async () => {
  postgres = await scratchPostgres();
});
afterEach(async () => {
  for (const { db } of open.splice(0)) await db.end();
});
afterAll(() => postgres?.remove());

/** A ledger with migrations applied, given as pairs of up and rollback SQL under their ids. */
async function ledgerWith(
  pairs: Record<string, [string, string | null, Migration["kind"]?]>,
): Promise<ScratchLedger> {
  const ledger = await scratchLedger(await postgres.createDatabase());
  open.push(ledger);
  const migrations: Migration[] = [];
  for (const [id, [up, down, kind]] of Object.entries(pairs)) {
    migrations.push(await sqlMigration(id, up, down, kind ? { kind } : {}));
  }
  await applyMigrations(ledger.db, migrations, ledger.context);
  return ledger;
}

async function failureOf(work: Promise<unknown>): Promise<SlipwayError> {
  return work.then(
    () => expect.fail("it went through"),
    (error: SlipwayError) => error,
  );
}

const newestFirst = async ({ db }: ScratchLedger) =>
  (await readLedger(db)).applied.map(({ id }) => id).reverse();
const costs = async (ledger: ScratchLedger) =>
  (await estimateLoss(ledger.db, await newestFirst(ledger))).flatMap(({ items }) => items.map(describeLoss));

describe("undoing", () => {
  test("runs the stored rollbacks, newest first, and leaves the catalog as it was", async () => {
    const ledger = await ledgerWith({});
    const before = await fingerprint(ledger.db);
    const chain = await Promise.all(
      Array.from({ length: 70 }, (_, n) =>
        sqlMigration(`${n + 1}_v`, `create view v${n} as select ${n};`, `drop view v${n};`),
      ),
    );
    await applyMigrations(ledger.db, chain, ledger.context);
    const messages: string[] = [];
    const ids = await newestFirst(ledger);
    await revertMigrations(ledger.db, ids, {
      ...ledger.context,
      onProgress: (message) => messages.push(message),
    });
    expect((await fingerprint(ledger.db)).hash).toBe(before.hash);
    expect(messages).toHaveLength(70);
    expect(messages.at(-1)).toBe("undone 1_v (70 of 70)");
    const events = await Array.fromAsync(exportAudit(ledger.db));
    expect(verifyAudit(events).ok).toBe(true);
    expect(events.filter(({ kind }) => kind === "migration.reverted").map(({ subject }) => subject)).toEqual(
      ids,
    );
    expect(await ledger.db.query("select count(*)::int as kept from slipway.migrations_reverted")).toEqual([
      { kept: 70 },
    ]);
  });

  test("refuses ids that are not the newest ones", async () => {
    const ledger = await ledgerWith({ "1_a": ["select 1", "select 1"], "2_b": ["select 1", "select 1"] });
    for (const ids of [["1_a"], ["1_a", "2_b"], ["2_b", "1_a", "0_z"]]) {
      await expect(revertMigrations(ledger.db, ids, ledger.context)).rejects.toThrow(RangeError);
    }
  });

  test("that fails says where, leaves that migration and those before it, and goes on later", async () => {
    const ledger = await ledgerWith({
      "1_a": ["create view a as select 1 as id", "drop view a"],
      "2_b": ["create view b as select 1 as id", "select 1;\ndrop view b;"],
      "3_c": ["create view c as select 1 as id", "drop view c"],
    });
    await ledger.db.script("create view by_hand as select * from b");
    const error = await failureOf(revertMigrations(ledger.db, await newestFirst(ledger), ledger.context));
    expect(error.code).toBe("SCHEMA_REVERT_FAILED");
    expect(error.message).toContain(
      "rollbacks/2_b.sql:2:1: cannot drop view b because other objects depend on it",
    );
    expect(error.message).toContain("nothing of it was undone; 1 of 3 were undone before it");
    expect(await newestFirst(ledger)).toEqual(["2_b", "1_a"]);
    await ledger.db.script("drop view by_hand");
    await revertMigrations(ledger.db, ["2_b", "1_a"], ledger.context);
    expect(await newestFirst(ledger)).toEqual([]);
  });

  test("an irreversible migration is refused before anything is undone", async () => {
    const ledger = await ledgerWith({
      "1_a": ["create view a as select 1", null],
      "2_b": ["create view b as select 1", "drop view b"],
    });
    const error = await failureOf(
      revertMigrations(ledger.db, ["2_b", "1_a"], { ...ledger.context, allowLoss: ["1_a"] }),
    );
    expect(error.code).toBe("ROLLBACK_IRREVERSIBLE");
    expect(await newestFirst(ledger)).toEqual(["2_b", "1_a"]);
  });
});

describe("the estimate of what would be lost", () => {
  test("counts rows of tables, and values of columns that are not the default's", async () => {
    const ledger = await ledgerWith({
      "1_t": [
        "create table t (id int primary key, kept text); create table empty (id int)",
        "drop table t, empty",
      ],
      "2_note": [
        "alter table t add column note text, add column n int default 7, add column at timestamptz default now(), add column j json default '{}'",
        "alter table t drop column note, drop column n, drop column at, drop column j",
      ],
      "3_twice": [
        "alter table t add column twice int generated always as (id * 2) stored",
        "alter table t drop column twice",
      ],
    });
    expect(await costs(ledger)).toEqual([]);
    await ledger.db.script(`insert into t (id) values (1), (2), (3); update t set note = 'x', n = 8 where id = 1;
      update t set n = null where id = 2; update t set j = '[]' where id = 3`);
    expect(await costs(ledger)).toEqual([
      "column t.note (1 value, written since)",
      "column t.n (1 value)",
      "column t.at (3 values)",
      "column t.j (1 value)",
      "table t (3 rows, all written since)",
    ]);
  });

  test("follows names through the chain of rollbacks, and leaves out what the rollbacks made themselves", async () => {
    const ledger = await ledgerWith({
      "1_t": ["create table t (id int, old text)", "drop table t"],
      "2_gone": ["create table gone (id int)", "drop table gone"],
      "3_rename": [
        "alter table t rename to u; alter table u rename column old to new; drop table gone",
        "create table gone (id int); alter table u rename column new to old; alter table u rename to t",
      ],
      "4_old": ["select 1", "alter table u drop column new"],
    });
    await ledger.db.script("insert into u values (1, 'x')");
    expect(await costs(ledger)).toEqual(["column u.new (1 value)", "table u (1 row, written since)"]);
  });

  test("knows which changes of type lose nothing", async () => {
    const ledger = await ledgerWith({
      "1_t": ["create table t (i bigint, s text, n numeric(8, 4), x text)", "drop table t", "lossless"],
      "2_types": [
        "select 1",
        "alter table t alter column i type int, alter column s type varchar(9), alter column n type numeric(8, 2), alter column x type int using x::int",
      ],
    });
    await ledger.db.script("insert into t values (1, 'x', 1.2345, '1')");
    expect(await costs(ledger)).toEqual([
      "the type of column t.n (1 value may change)",
      "the type of column t.x (1 value may change)",
    ]);
  });

  test("says unknown where nobody can tell, and nothing where the table is empty", async () => {
    const ledger = await ledgerWith({
      "1_t": ["create table t (id int); create table none (id int)", "select 1"],
      "2_rows": ["select 1", "delete from t where id = 1; update none set id = 2; truncate t"],
      "3_code": ["select 1", "do $$ begin perform 1; end $$"],
      "4_absent": ["select 1", "drop table if exists absent; drop table never"],
    });
    await ledger.db.script("insert into t values (1), (2)");
    expect(await costs(ledger)).toEqual([
      "what nobody can tell beforehand: table never is not there (rollbacks/4_absent.sql:1:30)",
      "what nobody can tell beforehand: a DO block can do anything (rollbacks/3_code.sql:1:1)",
      "rows of t, how many is unknown (rollbacks/2_rows.sql:1:1)",
      "all rows of t (2)",
    ]);
  });

  test("sees schemas, sequences and extensions", async () => {
    const ledger = await ledgerWith({
      "1_s": [
        "create schema s; create table s.a (id int); create table s.b (id int); create sequence q",
        "drop schema s cascade; drop sequence q",
      ],
    });
    await ledger.db.script("insert into s.b values (1); select nextval('q')");
    expect(await costs(ledger)).toEqual(["table s.b (1 row)", "the value of sequence q"]);
  });

  test("counts rows that a policy hides even from the owner as unknown", async () => {
    const ledger = await ledgerWith({ "1_t": ["create table t (id int)", "drop table t"] });
    await ledger.db.script(`insert into t values (1); alter table t enable row level security, force row level security;
      create role plain; alter table t owner to plain; grant select on slipway.migrations to plain; set role plain`);
    const [estimate] = await estimateLoss(ledger.db, ["1_t"]);
    expect(estimate?.items.map(describeLoss)).toEqual([
      "what nobody can tell beforehand: the rows of t cannot be counted (rollbacks/1_t.sql:1:1)",
    ]);
  });

  test("says what was written since only where the migration made it empty, and nothing else can have filled it", async () => {
    const ledger = await ledgerWith({
      "01_before": ["create table before (id int primary key)", "drop table before"],
      "02_column": ["alter table before add column c text", "alter table before drop column c"],
      "03_filled": ["create table filled (id int); insert into filled values (1)", "drop table filled"],
      "04_code": [
        "create table coded (id int); do $$ begin insert into coded values (1); end $$",
        "drop table coded",
      ],
      "05_if": ["create table if not exists maybe (id int)", "drop table maybe"],
      "06_parts": ["create table parts (id int) partition by list (id)", "drop table parts"],
      "07_domain": [
        "create domain mood as text default 'ok'; alter table before add column m mood",
        "alter table before drop column m; drop domain mood",
      ],
      "08_select": ["create table copied as select 1 as id", "drop table copied"],
    });
    await ledger.db.script(`insert into before (id, c) values (1, 'x'), (2, null); insert into maybe values (1);
      create table part partition of parts for values in (1); insert into parts values (1)`);
    const estimates = await estimateLoss(ledger.db, await newestFirst(ledger));
    const items = estimates.flatMap(({ items }) => items);
    expect(items.map(({ name, rows, writtenSince }) => [name, rows, writtenSince])).toEqual([
      ["copied", 1, null],
      ["before.m", 2, null],
      ["parts", 1, null],
      ["maybe", 1, null],
      ["coded", 1, null],
      ["filled", 1, null],
      ["before.c", 1, 1],
      ["before", 2, 2],
    ]);
    const refusal = await failureOf(checkRevert(ledger.db, ["08_select"], { allowLoss: [] }));
    expect(refusal.message).toContain("how much of it was written since the migration is not known");
  });

  test("takes what was put back, and what an adopted migration found, for older", async () => {
    const ledger = await ledgerWith({ "1_t": ["create table t (id int primary key)", "drop table t"] });
    const since = async () =>
      (await estimateLoss(ledger.db, ["1_t"])).flatMap(({ items }) => items.map(describeLoss));
    await ledger.db.script("insert into t values (1)");
    expect(await since()).toEqual(["table t (1 row, written since)"]);
    await revertMigrations(ledger.db, ["1_t"], { ...ledger.context, allowLoss: ["1_t"] });
    const again = await sqlMigration("1_t", "create table t (id int primary key)", "drop table t");
    await applyMigrations(ledger.db, [again], ledger.context);
    expect(await since()).toEqual(["table t (1 row)"]);
    const { token } = ledger.context;
    const adopted = await sqlMigration("2_u", "create table u (id int)", "drop table u");
    await ledger.db.script("create table u (id int); insert into u values (1)");
    const context = { token, actor: "test", reason: "it was here", supabase: null };
    await adoptMigrations(ledger.db, [adopted], "1.0.0", context);
    const [estimate] = await estimateLoss(ledger.db, ["2_u"]);
    expect(estimate?.items).toMatchObject([{ name: "u", rows: 1, writtenSince: null }]);
  });

  test("is left to the author where a directive says lossless", async () => {
    const ledger = await ledgerWith({
      "1_t": ["create table t as select 1 as id", "drop table t", "lossless"],
    });
    expect(await costs(ledger)).toEqual([]);
  });
});

describe("a rollback that loses data", () => {
  const pair = (): Record<string, [string, string]> => ({
    "1_t": [
      "create type mood as enum ('ok'); create table t (id int primary key, name text, m mood)",
      "drop table t; drop type mood",
    ],
    "2_note": [
      "alter table t add column note text, add column size int; create table plain (v text, w int)",
      "alter table t drop column note, drop column size; alter table plain drop column w",
    ],
  });

  test("is refused without permission, with the estimate, before anything is undone", async () => {
    const ledger = await ledgerWith(pair());
    await ledger.db.script("insert into t values (1, 'a', 'ok', 'n'), (2, 'b', null, null)");
    const ids = await newestFirst(ledger);
    const error = await failureOf(checkRevert(ledger.db, ids, { allowLoss: ["1_t"] }));
    expect(error.code).toBe("ROLLBACK_LOSES_DATA");
    expect(error.message).toBe(
      'Cannot undo migration "2_note": data would be lost\n    2_note: column t.note (1 value, written since)',
    );
    expect(error.todo).toContain("List 2_note in slipway:allowDataLoss");
    expect((await failureOf(revertMigrations(ledger.db, ids, ledger.context))).message).toContain(
      "1_t: table t (2 rows, all written since)",
    );
    expect(await newestFirst(ledger)).toEqual(ids);
  });

  test("needs no permission while there is nothing to lose", async () => {
    const ledger = await ledgerWith(pair());
    await revertMigrations(ledger.db, await newestFirst(ledger), ledger.context);
    expect(await newestFirst(ledger)).toEqual([]);
    expect(await ledger.db.query("select to_regnamespace('slipway_saved') as saved")).toEqual([
      { saved: null },
    ]);
  });

  test("saves first what it drops: whole tables, columns with their key, whole rows where there is no key", async () => {
    const ledger = await ledgerWith(pair());
    await ledger.db.script(`insert into t values (1, 'a', 'ok', 'n', 5), (2, 'b', null, null, null);
      insert into plain values ('v', 9)`);
    const ids = await newestFirst(ledger);
    const results = await revertMigrations(ledger.db, ids, { ...ledger.context, allowLoss: ids });
    expect(results.map(({ id, lost }) => [id, lost.map(describeLoss)])).toEqual([
      [
        "2_note",
        [
          "column t.note (1 value, written since)",
          "column t.size (1 value, written since)",
          "column plain.w (1 value, written since)",
        ],
      ],
      ["1_t", ["table t (2 rows, all written since)"]],
    ]);
    expect(await ledger.db.query('select * from slipway_saved."2_note__t" order by id')).toEqual([
      { id: 1, note: "n", size: 5 },
      { id: 2, note: null, size: null },
    ]);
    expect(await ledger.db.query('select * from slipway_saved."2_note__plain"')).toEqual([{ v: "v", w: 9 }]);
    expect(await ledger.db.query('select * from slipway_saved."1_t__t" order by id')).toEqual([
      { id: 1, name: "a", m: "ok" },
      { id: 2, name: "b", m: null },
    ]);
    expect(
      await ledger.db.query(
        "select name, migration, source, what, columns, saved_by, row_count from slipway_saved.saved order by saved_at",
      ),
    ).toEqual([
      {
        name: "2_note__t",
        migration: "2_note",
        source: '"public"."t"',
        what: "columns",
        columns: ["note", "size"],
        saved_by: "test",
        row_count: "2",
      },
      {
        name: "2_note__plain",
        migration: "2_note",
        source: '"public"."plain"',
        what: "columns",
        columns: ["w"],
        saved_by: "test",
        row_count: "1",
      },
      {
        name: "1_t__t",
        migration: "1_t",
        source: '"public"."t"',
        what: "table",
        columns: null,
        saved_by: "test",
        row_count: "2",
      },
    ]);
  });

  test("done twice saves twice, the second time with what the up in between put back", async () => {
    const ledger = await ledgerWith({});
    const migration = await sqlMigration("1_t", "create table t (id int)", "drop table t");
    for (const value of [1, 2]) {
      await applyMigrations(ledger.db, [migration], ledger.context);
      await ledger.db.query("insert into t values ($1)", [value]);
      await revertMigrations(ledger.db, ["1_t"], { ...ledger.context, allowLoss: ["1_t"] });
    }
    expect(
      await ledger.db.query(
        'select * from slipway_saved."1_t__t" union all select * from slipway_saved."1_t__t__2"',
      ),
    ).toEqual([{ id: 1 }, { id: 1 }, { id: 2 }]);
  });

  test("that fails saves nothing", async () => {
    const ledger = await ledgerWith({
      "1_t": ["create table t as select 1 as id", "drop table t; select 1 / 0"],
    });
    const error = await failureOf(
      revertMigrations(ledger.db, ["1_t"], { ...ledger.context, allowLoss: ["1_t"] }),
    );
    expect(error.message).toContain("division by zero");
    expect(
      await ledger.db.query("select to_regnamespace('slipway_saved') as saved, to_regclass('t')::text as t"),
    ).toEqual([{ saved: null, t: "t" }]);
  });

  test("meets rows that came after the check, and loses none of them", async () => {
    const ledger = await ledgerWith({
      "1_t": ["create table t (id int, note text)", "alter table t drop column note; drop table t"],
      "2_v": ["create view v as select 1", "drop view v"],
    });
    const app = await connect(ledger.url);
    open.push({ db: app });
    // As an app would that still serves: the check does not see its row, and what undoes `1_t` has to wait for it.
    await app.script("begin; insert into t values (1, 'x')");
    const failed = failureOf(revertMigrations(ledger.db, ["2_v", "1_t"], ledger.context));
    const watcher = await connect(ledger.url);
    open.push({ db: watcher });
    const waiting = () =>
      watcher.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
    await expect.poll(waiting).toHaveLength(1);
    await app.script("commit");
    const error = await failed;
    expect(error.code).toBe("ROLLBACK_LOSES_DATA");
    expect(error.message).toContain("has got rows since the rollback was checked");
    expect(await newestFirst(ledger)).toEqual(["1_t"]);
    expect(await ledger.db.query("select * from t")).toEqual([{ id: 1, note: "x" }]);
  });
});

describe("work outside transactions that a kill left half done", () => {
  const index: [string, string] = ["create index concurrently i on t (id)", "drop index concurrently i"];
  const start = (direction: "up" | "down", opposite: string) =>
    [
      `select slipway.append_event(null, 'test', null, 'migration.started', '2_i', $1)`,
      [JSON.stringify({ direction, opposite })],
    ] as const;

  test("is taken back when the next release does not have it", async () => {
    const ledger = await ledgerWith({ "1_t": ["create table t (id int)", "drop table t"] });
    const before = await fingerprint(ledger.db);
    await ledger.db.query(...start("up", index[1]));
    await ledger.db.script("create index i on t (id)");
    expect(await abandonUnfinished(ledger.db, ["1_t", "2_i"], ledger.context)).toEqual([]);
    expect(await abandonUnfinished(ledger.db, ["1_t"], ledger.context)).toEqual(["2_i"]);
    expect((await fingerprint(ledger.db)).hash).toBe(before.hash);
    expect(await unfinishedMigrations(ledger.db)).toEqual([]);
    expect(await abandonUnfinished(ledger.db, ["1_t"], ledger.context)).toEqual([]);
  });

  test("comes back when a rollback was stopped and the next release has it again", async () => {
    const ledger = await ledgerWith({ "1_t": ["create table t (id int)", "drop table t"], "2_i": index });
    const before = await fingerprint(ledger.db);
    await ledger.db.query(...start("down", index[0]));
    await ledger.db.script("drop index i");
    expect(await abandonUnfinished(ledger.db, ["1_t", "2_i"], ledger.context)).toEqual(["2_i"]);
    expect((await fingerprint(ledger.db)).hash).toBe(before.hash);
  });

  test("is gone on with when the rollback is repeated", async () => {
    const ledger = await ledgerWith({ "1_t": ["create table t (id int)", "drop table t"], "2_i": index });
    await ledger.db.query(...start("down", index[0]));
    await ledger.db.script("drop index i");
    await revertMigrations(ledger.db, ["2_i"], ledger.context);
    expect(await newestFirst(ledger)).toEqual(["1_t"]);
  });
});

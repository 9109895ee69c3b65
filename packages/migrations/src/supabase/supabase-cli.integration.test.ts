import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportAudit, readLedger, verifyAudit } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { x } from "tinyexec";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ScratchLedger, scratchLedger } from "../../testing/scratch-ledger.ts";
import { sqlMigration } from "../../testing/sql-migration.ts";
import { adoptMigrations } from "../adopt/adopt-migrations.ts";
import type { Migration } from "../migration.ts";
import { applyMigrations } from "../run/apply-migrations.ts";
import { revertMigrations } from "../run/revert-migrations.ts";
import { compareHistory, describeHistory } from "./compare-history.ts";
import { type SupabaseHistory, supabaseHistory } from "./supabase-history.ts";

const require = createRequire(import.meta.url);
const manifest = require.resolve("supabase/package.json");
const bin = (JSON.parse(readFileSync(manifest, "utf8")) as { bin: Record<string, string> }).bin.supabase!;
const program = join(manifest, "..", bin);

let postgres: ScratchPostgres;
let ledger: ScratchLedger;
let folder: string;
let migrations: Migration[];

beforeAll(async () => {
  postgres = await scratchPostgres();
  migrations = [
    await sqlMigration(
      "20260101000001_products",
      "-- first\ncreate table products (id int primary key);\ninsert into products values (1);\n",
      "drop table products;",
    ),
    await sqlMigration(
      "20260102000001_notes",
      "create table notes (id int primary key);\n",
      "drop table notes;",
    ),
  ];
});
beforeEach(async () => {
  ledger = await scratchLedger(await postgres.createDatabase());
  folder = mkdtempSync(join(tmpdir(), "slipway-supabase-"));
  mkdirSync(join(folder, "supabase/migrations"), { recursive: true });
  writeFileSync(join(folder, "supabase/config.toml"), 'project_id = "shop"\n');
  for (const { id, up } of migrations) writeFileSync(join(folder, "supabase/migrations", `${id}.sql`), up);
});
afterEach(async () => {
  await ledger?.db.end();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => postgres?.remove());

/** Runs the real CLI on the database. */
async function supabase(...words: string[]): Promise<{ code: number; text: string }> {
  const url = `${ledger.url}?sslmode=disable`;
  const done = await x(program, [...words, "--db-url", url, "--yes"], {
    nodeOptions: {
      cwd: folder,
      env: {
        HOME: folder,
        DO_NOT_TRACK: "1",
        SUPABASE_TELEMETRY_DISABLED: "1",
        SUPABASE_INTERNAL_NO_UPDATE_CHECK: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
    timeout: 60_000,
  });
  return { code: done.exitCode ?? -1, text: `${done.stdout}${done.stderr}` };
}

async function made(): Promise<SupabaseHistory> {
  const history = await supabaseHistory(ledger.db, "always");
  if (history === null) return expect.fail("no history was made");
  return history;
}

const apply = (some: readonly Migration[], history: SupabaseHistory | null) =>
  applyMigrations(ledger.db, some, { ...ledger.context, release: () => "1.0.0", supabase: history });
const rows = () =>
  ledger.db.query<Record<string, unknown>>(
    "select * from supabase_migrations.schema_migrations order by version",
  );
const tables = async () =>
  (
    await ledger.db.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
    )
  ).map(({ name }) => name);
const ids = () => migrations.map(({ id }) => id);

describe("the Supabase CLI beside us", () => {
  test("finds what we applied as applied, with the statements that it would have written", async () => {
    await apply(migrations, await made());
    expect(await rows()).toEqual([
      {
        version: "20260101000001",
        statements: [
          "-- first\ncreate table products (id int primary key)",
          "insert into products values (1)",
        ],
        name: "products",
      },
      { version: "20260102000001", statements: ["create table notes (id int primary key)"], name: "notes" },
    ]);
    const push = await supabase("db", "push");
    expect(push.text).toContain("up to date");
    expect(push.code).toBe(0);
    const list = await supabase("migration", "list");
    expect(list.code).toBe(0);
    expect(list.text).toContain("20260102000001");
  });

  test("writes the same rows itself", async () => {
    await made();
    await supabase("db", "push");
    const theirs = await rows();
    await ledger.db.script("drop table products, notes; truncate supabase_migrations.schema_migrations");
    await apply(migrations, await made());
    expect(await rows()).toEqual(theirs);
  });

  test("applies again what we undid, and only that; then we say that somebody else did", async () => {
    await apply(migrations, await made());
    const history = await made();
    await revertMigrations(ledger.db, ["20260102000001_notes"], {
      ...ledger.context,
      allowLoss: ["20260102000001_notes"],
      supabase: history,
    });
    expect(await tables()).toEqual(["products"]);
    expect((await rows()).map(({ version }) => version)).toEqual(["20260101000001"]);
    expect((await supabase("db", "push")).code).toBe(0);
    expect(await tables()).toEqual(["notes", "products"]);
    const applied = (await readLedger(ledger.db)).applied.map(({ id }) => id);
    const differences = await compareHistory(ledger.db, applied);
    expect(differences).toEqual({ foreign: [{ version: "20260102000001", name: "notes" }], missing: [] });
    expect(describeHistory(differences!)[0]).toContain("slipway migrate baseline");
  });

  test("repair takes a row away: the ledger keeps its truth and says what is missing", async () => {
    await apply(migrations, await made());
    expect((await supabase("migration", "repair", "--status", "reverted", "20260102000001")).code).toBe(0);
    const differences = await compareHistory(ledger.db, ids());
    expect(differences).toEqual({ foreign: [], missing: ["20260102000001_notes"] });
    expect((await readLedger(ledger.db)).applied.map(({ id }) => id)).toEqual(ids());
    await revertMigrations(ledger.db, ["20260102000001_notes"], {
      ...ledger.context,
      allowLoss: ["20260102000001_notes"],
      supabase: await made(),
    });
    expect(await compareHistory(ledger.db, [ids()[0]!])).toEqual({ foreign: [], missing: [] });
  });

  test("a database that it migrated is adopted, and rolled back by us", async () => {
    expect((await supabase("db", "push")).code).toBe(0);
    const history = await supabaseHistory(ledger.db, "auto");
    const { token, actor } = ledger.context;
    await adoptMigrations(ledger.db, migrations, "1.0.0", {
      token,
      actor,
      reason: "came from db push",
      supabase: history,
    });
    expect((await readLedger(ledger.db)).applied.map(({ id }) => id)).toEqual(ids());
    await revertMigrations(ledger.db, [...ids()].reverse(), {
      ...ledger.context,
      allowLoss: ids(),
      supabase: history,
    });
    expect(await tables()).toEqual([]);
    expect(await rows()).toEqual([]);
    const events = await Array.fromAsync(exportAudit(ledger.db));
    expect(verifyAudit(events).ok).toBe(true);
    expect(events.filter(({ kind }) => kind === "migration.adopted")).toHaveLength(2);
  });
});

test("the six columns of a hosted project are filled, rollback and author included", async () => {
  await ledger.db.script(`create schema supabase_migrations;
    create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text,
      created_by text, idempotency_key text unique, rollback text[])`);
  await apply(migrations, await supabaseHistory(ledger.db, "auto"));
  expect((await rows())[0]).toMatchObject({
    created_by: ledger.context.actor,
    idempotency_key: null,
    rollback: ["drop table products"],
  });
  expect((await supabase("db", "push")).text).toContain("up to date");
});

test("a row is written with its migration or not at all", async () => {
  const bad = await sqlMigration(
    "20260103000001_bad",
    "create table half (id int); select 1 / 0;",
    "drop table half;",
  );
  await expect(apply([...migrations, bad], await made())).rejects.toMatchObject({
    code: "SCHEMA_APPLY_FAILED",
  });
  expect((await rows()).map(({ version }) => version)).toEqual(["20260101000001", "20260102000001"]);
});

test("where there is no history none is made, unless asked for", async () => {
  expect(await supabaseHistory(ledger.db, "auto")).toBeNull();
  expect(await compareHistory(ledger.db, [])).toBeNull();
  await made();
  expect(await supabaseHistory(ledger.db, "never")).toBeNull();
  expect(await supabaseHistory(ledger.db, "auto")).not.toBeNull();
});

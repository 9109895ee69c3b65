import { connect, type Database } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sampleSchema, statementSamples } from "../../testing/statement-samples.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { nameKey } from "../sql/syntax-tree.ts";
import { classifyStatement } from "./classify-statement.ts";
import { type FamilyFacts, type LockMode, lockModes } from "./statement-facts.ts";

let postgres: ScratchPostgres;
let db: Database;
beforeAll(async () => {
  postgres = await scratchPostgres();
  db = await connect(await postgres.createDatabase("shop"));
  await db.script(sampleSchema);
});
afterAll(async () => {
  await db?.end();
  postgres?.remove();
});

const factsOf = async (sql: string): Promise<FamilyFacts> =>
  classifyStatement((await parseSql({ file: "1_a.sql", text: sql }))[0]!.node);

const inTransaction: string[] = [];
const outside: string[] = [];
for (const sql of statementSamples) ((await factsOf(sql)).transactional ? inTransaction : outside).push(sql);

// What these lock is not in their text: code, and what hangs on the named object (foreign keys, the query of a view).
const opaque =
  /^(?:do|call|select (?:public\.)?double|drop schema .* cascade|drop table .* cascade|refresh|drop type)/;

describe("a statement run by a real Postgres in a transaction", () => {
  test.each(inTransaction)(
    "takes the locks, and writes or reads the rows, that were said: %s",
    async (sql) => {
      const said = await factsOf(sql);
      const seen = await observe(sql);
      if (!opaque.test(sql)) expect(locksSaid(said, seen.locks)).toEqual(seen.locks);
      if (said.workOn === null && said.work === "none") expect(seen.rewritten).toEqual(truncated(sql));
      else if (said.mayBeLess) expect(seen.rewritten.length === 0 || said.work === "rewrite").toBe(true);
      else expect(seen.rewritten.length > 0).toBe(said.work === "rewrite");
      if (said.work === "none" && said.touches === "schema") expect(seen.scanned).toEqual([]);
      if (said.work === "scan" && !said.mayBeLess && !/^analyze/.test(sql))
        expect(seen.scanned).toContain(said.workOn);
    },
  );
});

describe("a statement that is said not to run in a transaction", () => {
  test.each(outside)("is refused there: %s", async (sql) => {
    await db.query("begin");
    try {
      await expect(db.query(sql)).rejects.toThrow(expect.objectContaining({ code: "25001" }));
    } finally {
      await db.query("rollback");
    }
  });
});

interface Seen {
  /** Relation and strongest lock, for tables, views and sequences that were there before. */
  readonly locks: Readonly<Record<string, LockMode>>;
  readonly rewritten: readonly string[];
  readonly scanned: readonly string[];
}

const RELATIONS = `
  select c.oid::int, pg_relation_filenode(c.oid)::text as file, c.relkind as kind,
         case when n.nspname = 'public' then c.relname::text else n.nspname || '.' || c.relname end as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname in ('public', 'app') and c.relkind in ('r', 'p', 'v', 'm', 'S', 'i', 'c')`;
const SCANS = `select relid::int as oid, seq_scan::int as scans from pg_stat_xact_user_tables`;

async function observe(sql: string): Promise<Seen> {
  type Row = { oid: number; file: string; kind: string; name: string };
  const before = await db.query<Row>(RELATIONS);
  const named = new Map(before.map((row) => [row.oid, row]));
  await db.query("begin");
  try {
    // The counters of a session's transactions run on until they are handed over: only the difference counts.
    const base = await db.query<{ oid: number; scans: number }>(SCANS);
    const earlier = new Map(base.map(({ oid, scans }) => [oid, scans]));
    await db.query(sql);
    const scans = await db.query<{ oid: number; scans: number }>(SCANS);
    const held = await db.query<{ oid: number; mode: string }>(
      "select relation::int as oid, mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation' and granted",
    );
    const after = new Map((await db.query<Row>(RELATIONS)).map((row) => [row.oid, row.file]));
    const locks: Record<string, LockMode> = {};
    for (const { oid, mode } of held) {
      const row = named.get(oid);
      if (row === undefined || row.kind === "i") continue;
      const found = modeOf(mode);
      if (lockModes.indexOf(found) >= lockModes.indexOf(locks[row.name] ?? found)) locks[row.name] = found;
    }
    const isTable = ({ kind }: Row) => kind === "r" || kind === "m";
    return {
      locks: sorted(locks),
      rewritten: before
        .filter((row) => isTable(row) && after.has(row.oid) && after.get(row.oid) !== row.file)
        .map(({ name }) => name),
      scanned: scans
        .filter(({ oid, scans }) => scans > (earlier.get(oid) ?? 0))
        .flatMap(({ oid }) => named.get(oid)?.name ?? []),
    };
  } finally {
    await db.query("rollback");
  }
}

/** The locks that were said, in the form of those seen: what is named; and for "its table" the one not named. */
function locksSaid({ locks }: FamilyFacts, seen: Seen["locks"]): Record<string, LockMode> {
  const indexes = new Set(["orders_at", "customers_name", "customers_code"]);
  const said: Record<string, LockMode> = {};
  for (const { relation, mode } of locks) {
    if (relation !== null && !indexes.has(relation)) said[nameKey([relation])] = mode;
  }
  for (const { relation, mode } of locks) {
    if (relation !== null) continue;
    const [table] = Object.keys(seen).filter((name) => !(name in said));
    if (table !== undefined) said[table] = mode;
  }
  return sorted(said);
}

// A TRUNCATE gives the table a new, empty file: nothing is written anew.
function truncated(sql: string): string[] {
  return sql.startsWith("truncate")
    ? sql
        .replace("truncate ", "")
        .split(", ")
        .sort((a, b) => (a < b ? 1 : -1))
    : [];
}

/** `AccessExclusiveLock` as the manual writes it. */
function modeOf(mode: string): LockMode {
  return mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase() as LockMode;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

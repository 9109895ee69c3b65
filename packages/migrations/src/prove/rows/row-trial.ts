import type { Verdict } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import { downFile, type Migration, upFile } from "../../migration.ts";
import { describeError, StatementError, sqlStateOf } from "../../run/statement-error.ts";
import { cleanSession } from "../../run/work-unit.ts";
import { executionOf } from "../../sql/execution-of.ts";
import { parseSql, type SqlStatement } from "../../sql/parse-sql.ts";
import type { SqlSource } from "../../sql/source-position.ts";
import { type FilledTable, fillTables } from "./fill-tables.ts";
import { probeRows, ROW_CAP, type TableRows } from "./row-probe.ts";
import { type TableFacts, tableFacts } from "./table-facts.ts";
import { tablesOf } from "./tables-of.ts";

/** What a pair does to the rows that were there before it. */
export interface RowTrial {
  /** `no-data`: no table with rows was touched, or the pair could not be tried with rows; `why` says so. */
  readonly verdict: Extract<Verdict, "pass" | "fail" | "no-data">;
  readonly why: string | null;
  readonly tables: readonly TableTrial[];
  /** Touched tables that had no rows and could not be given any. */
  readonly notFilled: readonly FilledTable[];
}

/** One table's rows, before the migration and after its rollback. */
export interface TableTrial {
  readonly table: string;
  readonly before: number;
  readonly after: number;
  readonly source: "own" | "generated";
  readonly compared: TableRows["compared"];
  /** Columns whose values the migration itself drops, so that no rollback could bring them back. */
  readonly dropped: readonly string[];
  /** What the rollback does not bring back, or changes: a sentence each. */
  readonly problems: readonly string[];
}

const nothing = (why: string, notFilled: readonly FilledTable[] = []): RowTrial => ({
  verdict: "no-data",
  why,
  tables: [],
  notFilled,
});

/** SQLSTATEs of what works in two transactions and not in one: the trial cannot be made, and says nothing. */
const NEEDS_COMMIT = ["55P04", "55006"];

/**
 * Tries a pair on rows, in a transaction that is rolled back: rows of the touched tables, generated where there are
 * none, are counted and hashed before the migration and after its rollback. Columns that live through both have to
 * hold what they held.
 *
 * @throws what the connection throws; SQL that fails is told in the result.
 */
export async function tryRows(
  db: Database,
  migration: Migration & { readonly down: string },
  options: { readonly cap?: number } = {},
): Promise<RowTrial> {
  const up = { file: upFile(migration.id), text: migration.up };
  const down = { file: downFile(migration.id), text: migration.down };
  for (const source of [up, down]) {
    if ((await executionOf(source)).mode !== "transaction")
      return nothing("it runs in more than one transaction");
  }
  const parsed = { up: await parseSql(up), down: await parseSql(down) };
  // Read from disk they are refused; here they would end the transaction that keeps the trial apart.
  if ([...parsed.up, ...parsed.down].some(({ node }) => "TransactionStmt" in node)) {
    return nothing("it begins or ends transactions itself");
  }
  return inRolledBack(db, async (): Promise<RowTrial> => {
    const oids = await tablesOf(db, [...parsed.up, ...parsed.down]);
    if (oids.length === 0) return nothing("it touches no table that was there before");
    const filled = await fillTables(db, oids);
    // Checks that wait for the end of a transaction would keep tables from being altered.
    if (filled.some(({ rows }) => rows > 0)) await db.script("set constraints all immediate");
    const notFilled = filled.filter(({ rows, why }) => rows === 0 && why !== null);
    const generated = new Set(filled.filter(({ rows }) => rows > 0).map(({ table }) => table));
    const facts = await tableFacts(db, oids);
    const before = await probeRows(db, facts, options.cap ?? ROW_CAP);
    if ([...before.values()].every(({ count }) => count === 0)) {
      return nothing("the tables it touches have no rows, and none could be made", notFilled);
    }
    const own = [...before.values()].some(({ count, table }) => count > 0 && !generated.has(table));
    const stopped = (why: string, source: SqlSource, error: unknown): RowTrial => {
      if (NEEDS_COMMIT.includes(sqlStateOf(error) ?? "")) {
        return nothing("it needs a commit between its steps", notFilled);
      }
      const told = `${why}: ${describeError(source, error)}`;
      // What generated rows forbid, real ones may allow.
      return { verdict: own ? "fail" : "no-data", why: told, tables: [], notFilled };
    };
    try {
      await runInside(db, up, parsed.up);
    } catch (error) {
      return stopped(`with rows in its tables it cannot be applied`, up, error);
    }
    const between = survivors(await tableFacts(db, oids));
    try {
      await runInside(db, down, parsed.down);
    } catch (error) {
      return stopped(`with rows in its tables its rollback fails`, down, error);
    }
    const left = keepKeys(await tableFacts(db, oids), facts);
    const after = await probeRows(db, left, options.cap ?? ROW_CAP);
    const tables = facts.map((table) =>
      compareTable(before.get(table.oid)!, after.get(table.oid), between.get(table.oid), generated),
    );
    const problems = tables.flatMap((table) => table.problems);
    const accepted = migration.kind === "lossy" && migration.reason !== null;
    const failed = problems.length > 0 && !accepted;
    const why = failed ? `its rollback does not bring the rows back: ${problems.join("; ")}` : null;
    return { verdict: failed ? "fail" : "pass", why, tables, notFilled };
  });
}

async function runInside(
  db: Database,
  source: SqlSource,
  statements: readonly SqlStatement[],
): Promise<void> {
  try {
    await db.script(`savepoint slipway_file;\n${source.text}\n;${cleanSession}`);
    return;
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
  }
  // Again, statement by statement, to know where it stopped.
  await db.script("rollback to savepoint slipway_file");
  for (const { text, start } of statements) {
    await db.script(text).catch((error: unknown) => {
      throw sqlStateOf(error) === null ? error : new StatementError(error, start);
    });
  }
  await db.script(cleanSession);
}

/** The transaction is never committed: its work is a look at what would be. */
async function inRolledBack<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const undo = new Error("rolled back on purpose");
  let result: { readonly value: T } | null = null;
  await db
    .transaction(async () => {
      // Triggers are the product's own and may want a signed-in user; the rows are only there to be looked at.
      await db.script(
        "savepoint slipway_triggers; do $$ begin set local session_replication_role = replica; exception when insufficient_privilege then null; end $$",
      );
      result = { value: await work() };
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return result!.value;
}

const survivors = (tables: readonly TableFacts[]): Map<number, ReadonlySet<number>> =>
  new Map(tables.map(({ oid, columns }) => [oid, new Set(columns.map(({ number }) => number))]));

/** Hashes are told apart by the key of before, also where the key was dropped and made again. */
function keepKeys(after: readonly TableFacts[], before: readonly TableFacts[]): TableFacts[] {
  return after.map((table) => {
    const key = before.find(({ oid }) => oid === table.oid)?.key ?? [];
    return { ...table, key: key.filter((number) => table.columns.some((one) => one.number === number)) };
  });
}

function compareTable(
  before: TableRows,
  after: TableRows | undefined,
  between: ReadonlySet<number> | undefined,
  generated: ReadonlySet<string>,
): TableTrial {
  const { table, count, compared } = before;
  const dropped: string[] = [];
  const problems: string[] = [];
  if (between === undefined) dropped.push(...[...before.columns.values()].map(({ name }) => name));
  else if (after === undefined) {
    if (count > 0) problems.push(`${table} is dropped and made again without its ${rows(count)}`);
  } else {
    if (after.count !== count) problems.push(`${table} had ${rows(count)} and has ${after.count}`);
    for (const [number, { name, hash }] of before.columns) {
      const now = after.columns.get(number);
      if (!between.has(number)) dropped.push(name);
      else if (now === undefined)
        problems.push(`${table}.${name} is dropped and made again without its values`);
      else if (after.count === count && hash !== now.hash)
        problems.push(`${table}.${name} holds other values`);
    }
  }
  return {
    table,
    before: count,
    after: after?.count ?? 0,
    source: generated.has(table) ? "generated" : "own",
    compared,
    dropped,
    problems,
  };
}

const rows = (count: number): string => `${count} ${count === 1 ? "row" : "rows"}`;

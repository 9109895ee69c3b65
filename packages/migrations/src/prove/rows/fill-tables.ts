import { type Database, isPostgresError } from "@slipway/ledger";
import { quoteName } from "../../sql/quote-name.ts";
import { candidateValues, literalsOf } from "./candidate-values.ts";
import { type ColumnFacts, type TableFacts, tableFacts } from "./table-facts.ts";

/** What came of filling one table. */
export interface FilledTable {
  readonly table: string;
  /** How many rows it got; 0 with a reason. */
  readonly rows: number;
  readonly why: string | null;
}

const ROWS = 3;
/** How many combinations of values are tried for a table. */
const TRIES = 400;

/**
 * Writes a few rows into tables that have none, and into those that they refer to: the first row as bare as the table
 * allows, the others full. The same tables get the same rows each time. Must be called inside a transaction.
 */
export async function fillTables(db: Database, oids: readonly number[]): Promise<FilledTable[]> {
  const filled = new Map<number, FilledTable>();
  const facts = new Map<number, TableFacts>();
  const learn = async (wanted: readonly number[]) => {
    const missing = wanted.filter((oid) => !facts.has(oid));
    for (const table of missing.length === 0 ? [] : await tableFacts(db, missing))
      facts.set(table.oid, table);
  };
  await learn(oids);
  const empty = await emptyOnes(db, [...facts.values()]);
  const fill = async (oid: number, above: readonly number[]): Promise<void> => {
    const table = facts.get(oid);
    if (table === undefined || filled.has(oid) || above.includes(oid)) return;
    if (oids.includes(oid) && !empty.has(oid)) {
      filled.set(oid, { table: table.name, rows: 0, why: null });
      return;
    }
    await learn(table.references.map((reference) => reference.table));
    for (const reference of table.references) await fill(reference.table, [...above, oid]);
    filled.set(oid, await fillTable(db, table));
  };
  for (const oid of oids) await fill(oid, []);
  return [...filled.values()];
}

async function emptyOnes(db: Database, tables: readonly TableFacts[]): Promise<ReadonlySet<number>> {
  if (tables.length === 0) return new Set();
  const rows = await db.query<{ oid: string; empty: boolean }>(
    tables
      .map(({ oid, name }) => `select '${oid}' as oid, not exists (select from ${name}) as empty`)
      .join(" union all "),
  );
  return new Set(rows.filter(({ empty }) => empty).map(({ oid }) => Number(oid)));
}

async function fillTable(db: Database, table: TableFacts): Promise<FilledTable> {
  const { name } = table;
  const [present] = await db.query<{ some: boolean }>(`select exists (select from ${name}) as some`);
  if (present?.some) return { table: name, rows: 0, why: null };
  let rows = 0;
  let why: string | null = null;
  const budget = { left: TRIES };
  for (let row = 0; row < ROWS && budget.left > 0; row++) {
    why = await insertRow(db, table, row, budget);
    if (why === null) rows++;
  }
  return { table: name, rows, why: rows > 0 ? null : (why ?? "no value fits") };
}

/** A column that the row says something about: what may be said, and what is said now. */
interface Choice {
  readonly column: ColumnFacts;
  readonly values: readonly string[];
  at: number;
}

/** One row by trial: a condition that refuses it names what to vary. Null when it is in. */
async function insertRow(
  db: Database,
  table: TableFacts,
  row: number,
  budget: { left: number },
): Promise<string | null> {
  const references = await referenceValues(db, table, row);
  if (typeof references === "string") return references;
  const choices = await choicesFor(db, table, row, references);
  if (typeof choices === "string") return choices;
  for (let last = "no value fits"; ; budget.left--) {
    if (budget.left <= 0) return last;
    const refused = await tryInsert(db, table, choices);
    if (refused === null) return null;
    last = refused.message;
    const limit = table.limits.find(({ name }) => name === (refused.constraint ?? ""));
    if (limit === undefined) return last;
    if (!advance(choices.filter(({ column }) => limit.columns.includes(column.number)))) return last;
  }
}

/** Counts the choices on like the digits of a number; false when all combinations were there. */
function advance(choices: readonly Choice[]): boolean {
  for (const choice of choices) {
    choice.at++;
    if (choice.at < choice.values.length) return true;
    choice.at = 0;
  }
  return false;
}

async function choicesFor(
  db: Database,
  { columns, conditions }: TableFacts,
  row: number,
  references: ReadonlyMap<number, string>,
): Promise<Choice[] | string> {
  const literals = literalsOf(conditions);
  const choices: Choice[] = [];
  for (const column of columns) {
    const given = references.get(column.number);
    if (column.generated || (given === undefined && column.counted)) continue;
    if (row === 0 && !column.required && given === undefined) continue;
    const known = given === undefined ? candidateValues(column, row, literals) : [given];
    const values = column.domain && given === undefined ? await accepted(db, known) : known;
    if (values.length > 0) choices.push({ column, values, at: 0 });
    else if (column.required && !column.filled) {
      return `no value is known for column ${column.name} (${column.type})`;
    }
  }
  return choices;
}

/** The values that their own type takes: a domain's refusal does not say of which column it is. */
async function accepted(db: Database, values: readonly string[]): Promise<string[]> {
  const good: string[] = [];
  for (const value of values) {
    if ((await attempt(db, `select ${value}`)) === null) good.push(value);
  }
  return good;
}

function tryInsert(db: Database, { name }: TableFacts, choices: readonly Choice[]): Promise<Refusal | null> {
  const columns = choices.map(({ column }) => quoteName([column.name])).join(", ");
  const list = choices.map(({ values, at }) => values[at]).join(", ");
  return attempt(
    db,
    choices.length === 0
      ? `insert into ${name} default values`
      : `insert into ${name} (${columns}) values (${list})`,
  );
}

interface Refusal {
  readonly message: string;
  readonly constraint: string | undefined;
}

async function attempt(db: Database, sql: string): Promise<Refusal | null> {
  try {
    await db.script(`savepoint slipway_row; ${sql}; release savepoint slipway_row`);
    return null;
  } catch (error) {
    if (!isPostgresError(error)) throw error;
    await db.script("rollback to savepoint slipway_row");
    const constraint =
      "constraint" in error && typeof error.constraint === "string" ? error.constraint : undefined;
    return { message: error.message, constraint };
  }
}

/** Values of the columns that refer to other tables; a sentence where a required one has nothing to refer to. */
async function referenceValues(
  db: Database,
  { oid, columns, references }: TableFacts,
  row: number,
): Promise<Map<number, string> | string> {
  const values = new Map<number, string>();
  for (const reference of references) {
    const own = reference.columns.map((number) => columns.find((column) => column.number === number)!);
    const list = reference.to.map((column) => `quote_nullable(${quoteName([column])})`).join(", ");
    const target = `(select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = ${reference.table})`;
    const [named] = await db.query<{ name: string }>(
      `select quote_ident(${target}) || '.' || quote_ident(relname) as name from pg_class where oid = ${reference.table}`,
    );
    const found = await db.query<{ parts: string[] }>(
      `select array[${list}] as parts from ${named!.name} order by 1 limit 1 offset ${row}`,
    );
    const [first] =
      found.length > 0 || row === 0
        ? found
        : await db.query<{ parts: string[] }>(
            `select array[${list}] as parts from ${named!.name} order by 1 limit 1`,
          );
    const optional = own.every(({ required }) => !required);
    if (first === undefined) {
      if (optional) continue;
      return reference.table === oid
        ? "its required reference to itself has no row to begin with"
        : `${named!.name}, which it refers to, has no rows`;
    }
    if (optional && row === 0) continue;
    for (const [index, column] of own.entries()) {
      values.set(column.number, `${first.parts[index]}::${column.type}`);
    }
  }
  return values;
}

import type { Database } from "@slipway/ledger";
import { escapeLiteral } from "pg";
import { quoteName } from "../sql/quote-name.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { presentLosses } from "./estimate-loss.ts";
import { startNameWalk } from "./name-walk.ts";
import { savedTableName } from "./saved-table-name.ts";
import { type Stake, stakesOf } from "./stakes.ts";

/** The SQLSTATE of a guard that found rows. */
export const ROWS_APPEARED = "SW010";

/**
 * Gives SQL that copies what a rollback drops or overwrites into schema `slipway_saved`, to run before it in the same
 * transaction. A dropped table is copied whole; of a dropped or changed column the primary key and the column, or
 * the whole row where there is no primary key. Types made by users are copied as text, so that the copies do not
 * keep these types from being dropped. The table `slipway_saved.saved` lists the copies.
 *
 * {@link trimSaved} follows the rollback. What nobody can know beforehand (DO blocks, functions) cannot be saved.
 *
 * @example
 * await db.script(`begin; ${await saveBeforeLoss(db, "2_orders", source, "ana")} ${source.text}; commit`);
 */
export async function saveBeforeLoss(
  db: Database,
  id: string,
  source: SqlSource,
  actor: string,
): Promise<string> {
  const stakes = await rowStakes(db, source);
  if (stakes.length === 0) return "";
  const taken = new Set(
    (
      await db.query<{ name: string }>(
        "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'slipway_saved'",
      )
    ).map(({ name }) => name),
  );
  const copies: string[] = [];
  for (const [table, columns] of columnsByTable(stakes)) {
    const name = savedTableName(id, table, taken);
    taken.add(name);
    const dropped = stakes.some((stake) => stake.table === table && stake.what === "table");
    const what = dropped ? "table" : columns === null ? "rows" : "columns";
    copies.push(await copyOf(db, { id, actor, table, what, columns, name }));
  }
  return `set local row_security = off;\n${lockAll(stakes)}select slipway.prepare_saved();\n${copies.join("")}set local row_security = on;\n`;
}

/**
 * Gives SQL for right after the rollback, in its transaction: what it left as it was is not lost, and goes from the
 * copies.
 */
export function trimSaved(id: string): string {
  return `set local row_security = off;\nselect slipway.trim_saved(${escapeLiteral(id)});\n`;
}

/**
 * Gives SQL that raises {@link ROWS_APPEARED} when a rollback would lose anything after all, to run before it in the
 * same transaction: between the estimate and the rollback an app may have written rows.
 */
export async function guardAgainstLoss(db: Database, source: SqlSource): Promise<string> {
  const stakes = await rowStakes(db, source);
  if (stakes.length === 0) return "";
  const checks = stakes.map(
    ({ table, where, name }) =>
      `if exists (select from ${table} where ${where}) then
        raise exception using errcode = '${ROWS_APPEARED}', message = ${escapeLiteral(`${name} has got rows`)};
      end if;`,
  );
  const block = `do ${escapeLiteral(`begin ${checks.join("\n")} end`)};\n`;
  return `set local row_security = off;\n${lockAll(stakes)}${block}set local row_security = on;\n`;
}

async function rowStakes(db: Database, source: SqlSource): Promise<Stake[]> {
  const losses = await presentLosses(source, startNameWalk());
  const stakes = (await Promise.all(losses.map((loss) => stakesOf(db, loss)))).flat();
  return stakes.filter((stake): stake is Stake => "table" in stake);
}

// Held until the transaction ends: what is saved or checked is what the rollback then meets.
function lockAll(stakes: readonly Stake[]): string {
  const tables = [...new Set(stakes.map(({ table }) => table))].sort();
  return `lock table ${tables.join(", ")} in access exclusive mode;\n`;
}

/** The columns to save of each table; `null` for whole rows, which win over single columns. */
function columnsByTable(stakes: readonly Stake[]): Map<string, readonly string[] | null> {
  const byTable = new Map<string, readonly string[] | null>();
  for (const { table, column } of stakes) {
    const known = byTable.get(table);
    if (column === null || known === null) byTable.set(table, null);
    else byTable.set(table, [...new Set([...(known ?? []), column])]);
  }
  return byTable;
}

interface Copy {
  readonly id: string;
  readonly actor: string;
  /** Schema and table, as SQL. */
  readonly table: string;
  /** A dropped table; a table that loses rows; columns that are dropped or changed. */
  readonly what: "table" | "rows" | "columns";
  readonly columns: readonly string[] | null;
  readonly name: string;
}

async function copyOf(db: Database, { id, actor, table, what, columns, name }: Copy): Promise<string> {
  const all = await db.query<{ name: string; own: boolean; key: boolean }>(
    `select a.attname as name, t.typnamespace <> 'pg_catalog'::regnamespace as own,
       coalesce(a.attnum = any (k.conkey), false) as key
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     left join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'p'
     where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table],
  );
  const keyed = columns !== null && all.some(({ key }) => key);
  const wanted = keyed ? all.filter((column) => column.key || columns.includes(column.name)) : all;
  const list = wanted.map((column) => {
    const quoted = quoteName([column.name]);
    return column.own ? `${quoted}::text as ${quoted}` : quoted;
  });
  const target = quoteName(["slipway_saved", name]);
  const saved = columns === null ? "null" : `array[${columns.map(escapeLiteral).join(", ")}]`;
  const row = [name, id, table, what].map(escapeLiteral).join(", ");
  return `create table ${target} as select ${list.join(", ")} from ${table};
insert into slipway_saved.saved (name, migration, source, what, columns, saved_at, saved_by, row_count, saved_in)
select ${row}, ${saved}, clock_timestamp(), ${escapeLiteral(actor)}, count(*), pg_current_xact_id()::text from ${target};
`;
}

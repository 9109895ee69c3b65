import { type Database, isPostgresError, readStoredMigrations, type StoredMigration } from "@slipway/ledger";
import { downFile } from "../migration.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { positionAt, type SqlSource } from "../sql/source-position.ts";
import type { LossEstimate, LossItem } from "./loss-estimate.ts";
import { type NameWalk, startNameWalk } from "./name-walk.ts";
import { type RollbackEffect, type RollbackLoss, rollbackEffects } from "./rollback-effects.ts";
import { type OpaqueStake, type Stake, stakesOf } from "./stakes.ts";
import { notBegunEmpty, writtenSince } from "./written-since.ts";

/** Counting stops here: more than a million rows is a number that nobody needs more exactly. */
const COUNT_LIMIT = 1_000_000;

/**
 * Estimates what undoing applied migrations would lose now: rows of tables, and values of columns that differ from the
 * column's default. Follows renames through the chain of rollbacks. Reads only.
 *
 * @param ids applied migrations in any order; those that are not applied are left out.
 * @returns newest first, one for each; no items where nothing is at stake, or where an author's directive says so.
 */
export async function estimateLoss(db: Database, ids: readonly string[]): Promise<LossEstimate[]> {
  const walk = startNameWalk();
  const begunEarlier = await notBegunEmpty(db, ids);
  const estimates: LossEstimate[] = [];
  for (const migration of await readStoredMigrations(db, ids)) {
    const items: LossItem[] = [];
    const source = rollbackSource(migration);
    const isNewer = await writtenSince(db, migration, begunEarlier);
    for (const loss of await presentLosses(source, walk)) {
      if (migration.kind !== "lossy") continue;
      for (const stake of await stakesOf(db, loss)) {
        for (const item of await itemsOf(db, stake, placeOf(source, loss.statement.start))) {
          const all = item.rows !== null && "table" in stake && (await isNewer(loss.written, stake));
          items.push({ ...item, writtenSince: all ? item.rows : null });
        }
      }
    }
    estimates.push({ id: migration.id, kind: migration.kind, items });
  }
  return estimates;
}

/** The stored rollback of a migration as a file that messages can name; empty for an irreversible one. */
export function rollbackSource({ id, downSql }: StoredMigration): SqlSource {
  return { file: downFile(id), text: downSql ?? "" };
}

/** A loss with the names that things have today. */
export type PresentLoss = RollbackLoss &
  Pick<RollbackEffect, "statement"> & {
    /** The same with the names that the rollback's own text has. */
    readonly written: RollbackLoss;
  };

/**
 * The losses of a rollback, with the names that its tables and columns have today; without those that were made by the
 * rollbacks of the walk themselves. The walk goes on past it.
 */
export async function presentLosses(source: SqlSource, walk: NameWalk): Promise<PresentLoss[]> {
  const losses: PresentLoss[] = [];
  for (const effect of rollbackEffects(await parseSql(source))) {
    if ("does" in effect) {
      walk.change(effect);
      continue;
    }
    if (!("table" in effect)) {
      losses.push({ ...effect, written: effect });
      continue;
    }
    const table = walk.table(effect.table);
    if ("column" in effect) {
      const column = walk.column(effect.table, effect.column);
      if (effect.loses === "column") walk.dropColumn(effect.table, effect.column);
      if (table.state !== "present" || column.state !== "present") continue;
      losses.push({ ...effect, table: table.name, column: column.name[0]!, written: effect });
    } else {
      if (effect.loses === "table") walk.dropTable(effect.table);
      if (table.state === "present") losses.push({ ...effect, table: table.name, written: effect });
    }
  }
  return losses;
}

type Counted = Omit<LossItem, "writtenSince">;

async function itemsOf(db: Database, stake: Stake | OpaqueStake, place: string): Promise<Counted[]> {
  const { what, name } = stake;
  if (!("table" in stake)) return [{ what, name, rows: null, atLeast: false, place }];
  const counted = await countRows(db, stake);
  if (counted === null) {
    const hidden = `the rows of ${name} cannot be counted`;
    return [{ what: "unknown", name: hidden, rows: null, atLeast: false, place }];
  }
  if (counted === 0) return [];
  const atLeast = counted > COUNT_LIMIT;
  const rows = stake.all ? Math.min(counted, COUNT_LIMIT) : null;
  return [{ what, name, rows, atLeast: atLeast && rows !== null, place }];
}

async function countRows(db: Database, { table, where }: Stake): Promise<number | null> {
  try {
    return await db.transaction(async () => {
      // Otherwise a policy could hide rows from the count; like this it makes the count fail.
      await db.query("set local row_security = off");
      const sql = `select count(*)::int as rows from (select from ${table} where ${where} limit ${COUNT_LIMIT + 1}) counted`;
      const [row] = await db.query<{ rows: number }>(sql);
      return row?.rows ?? null;
    });
  } catch (error) {
    // Told as unknown, which is at stake: no permission, a policy, a type that cannot be compared.
    if (isPostgresError(error)) return null;
    throw error;
  }
}

function placeOf({ file, text }: SqlSource, offset: number): string {
  const { line, column } = positionAt(text, offset);
  return `${file}:${line}:${column}`;
}

import { isSlipwayError } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import type { Execution } from "../sql/execution-of.ts";
import { lookUpBackfill } from "./backfill-table.ts";
import { StatementError } from "./statement-error.ts";
import { cleanSession } from "./work-unit.ts";

/**
 * Runs a backfill over the whole table in one transaction, without a ledger: for trials on copies. On an empty table the
 * statement runs all the same, for no keys.
 *
 * @throws {StatementError} when the server refuses the statement.
 */
export async function backfillAtOnce(
  db: Database,
  { backfill, statement }: Extract<Execution, { mode: "backfill" }>,
): Promise<void> {
  await db.transaction(async () => {
    const { table, key, last } = await lookUpBackfill(db, backfill);
    const [first] = await db.query<{ first: string }>(
      `select ${key}::text as first from ${table} order by ${key} limit 1`,
    );
    await db.query(statement.text, [first?.first ?? null, last]).catch((error: unknown) => {
      throw isSlipwayError(error) ? error : new StatementError(error, statement.start);
    });
    await db.script(cleanSession);
  });
}

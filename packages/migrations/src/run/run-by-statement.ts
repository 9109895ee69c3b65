import { isSlipwayError } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import { parseSql } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { StatementError } from "./statement-error.ts";

/**
 * Runs a file as one transaction, each statement in a message of its own: the server then says which statement it
 * refuses, and positions count from its start.
 *
 * @param around SQL before and after it in the same transaction.
 * @throws {StatementError} for a statement of the file.
 */
export async function runByStatement(
  db: Database,
  source: SqlSource,
  around: { readonly before: string; readonly after: string },
): Promise<void> {
  const statements = await parseSql(source);
  await db.transaction(async () => {
    await db.script(around.before);
    for (const { text, start } of statements) {
      await db.script(text).catch((error: unknown) => {
        throw isSlipwayError(error) ? error : new StatementError(error, start);
      });
    }
    await db.script(around.after);
  });
}

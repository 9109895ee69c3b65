import type { Database } from "./database.ts";
import { databaseError } from "./database-error.ts";

/**
 * Calls a function of the ledger.
 *
 * @param what what fails when it fails, as a sentence: `Cannot open the run`.
 */
export async function call<Row>(
  db: Database,
  what: string,
  sql: string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    return await db.query<Row>(sql, params);
  } catch (error) {
    throw databaseError(error, what);
  }
}

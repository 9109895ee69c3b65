import { isPostgresError } from "./database-error.ts";

/** Whether an error says that the database has no ledger: no such schema, table or function. */
export function isMissingLedger(error: unknown): boolean {
  return isPostgresError(error) && ["3F000", "42P01", "42883"].includes(error.code);
}

import { migrationInvalid } from "../sql/migration-invalid.ts";
import type { SqlStatement } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { classifyStatements } from "./classify-statements.ts";

/**
 * Refuses an `expand` migration that the older app cannot live with.
 *
 * @throws {SlipwayError} MIGRATION_INVALID with line and column.
 */
export function checkPhase(source: SqlSource, statements: readonly SqlStatement[]): void {
  const found = classifyStatements(statements).find(({ breaks }) => breaks !== null);
  if (found === undefined) return;
  throw migrationInvalid(source, found.start, {
    why: `an expand migration runs while the older app still serves, and this ${found.breaks}`,
    todo: "Write -- slipway: contract at the top of the file, so that it runs after the older app has stopped; or split the file",
  });
}

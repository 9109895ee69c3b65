import { waivedStatement } from "../read/waived-statement.ts";
import { readWaivers } from "../read/waivers.ts";
import { migrationInvalid } from "../sql/migration-invalid.ts";
import type { SqlStatement } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { classifyStatements } from "./classify-statements.ts";

/** The lint rule whose waiver lets a statement into an expand migration. */
export const BREAKS_APP = "ML101";

/**
 * Refuses an `expand` migration that the older app cannot live with, unless a waiver says why it can. The waiver's date
 * is judged when the migration is released, by the lint; a released file has to stay readable for ever.
 *
 * @throws {SlipwayError} MIGRATION_INVALID with line and column; also for a waiver that is not understood.
 */
export function checkPhase(source: SqlSource, statements: readonly SqlStatement[]): void {
  const waived = new Set<SqlStatement | undefined>();
  for (const waiver of readWaivers(source.text)) {
    if ("problem" in waiver || waiver.code !== BREAKS_APP) continue;
    waived.add(waivedStatement(source.text, statements, waiver));
  }
  const found = classifyStatements(statements).find(
    ({ breaks, statement }) => breaks !== null && !waived.has(statement),
  );
  if (found === undefined) return;
  throw migrationInvalid(source, found.start, {
    why: `an expand migration runs while the older app still serves, and this ${found.breaks}`,
    todo: "Write -- slipway: contract at the top of the file, so that it runs after the older app has stopped; or split the file",
  });
}

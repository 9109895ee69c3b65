import type { Database } from "@slipway/ledger";
import { describeDifference, diffFingerprints } from "../catalog/diff-fingerprints.ts";
import { type Migration, upFile } from "../migration.ts";
import { openScratchDatabase, type ScratchOptions } from "../prove/scratch-database.ts";
import { parseSql } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { invertStatement } from "./invert-statement.ts";

/** Rollback SQL for a person to read and to keep or not. Nothing writes or runs it unasked. */
export interface SuggestedRollback {
  readonly id: string;
  /** Ends each statement with a semicolon; what could not be taken back is in comments. */
  readonly sql: string;
  /** Whether it was run and the catalog was then what it was before. */
  readonly proved: boolean;
  /** What it leaves different, or why it could not be run. */
  readonly remarks: readonly string[];
}

/**
 * What takes a file back, as far as its statements alone tell: the statements that make something new, in reverse.
 * `null` where none of them does.
 */
export async function invertFile(source: SqlSource): Promise<string | null> {
  const inverses = await inverted(source, null, async () => undefined);
  return inverses.some((line) => !line.startsWith("--")) ? inverses.join("\n") : null;
}

/**
 * Suggests rollbacks with the help of a database made for it: each statement is looked at just before it runs, so that
 * what it drops or replaces is known; then the suggestion itself is run and the catalogs are compared.
 *
 * @param ids the migrations to suggest a rollback for; the others are applied only.
 */
export async function suggestRollbacks(
  adminUrl: string,
  migrations: readonly Migration[],
  ids: ReadonlySet<string>,
  options: ScratchOptions & { readonly applied?: ReadonlySet<string> } = {},
): Promise<SuggestedRollback[]> {
  const found: SuggestedRollback[] = [];
  const scratch = await openScratchDatabase(adminUrl, options);
  try {
    for (const { id, up } of migrations) {
      if (options.applied?.has(id)) continue;
      const source = { file: upFile(id), text: up };
      if (!ids.has(id)) {
        await scratch.run(source);
        continue;
      }
      const before = await scratch.look();
      const lines = await inverted(source, scratch.db, (text) => scratch.run({ file: source.file, text }));
      const sql = lines.join("\n");
      const remarks: string[] = [];
      try {
        for (const line of lines.filter((one) => !one.startsWith("--")))
          await scratch.run({ file: "suggestion", text: line });
        remarks.push(...diffFingerprints(before, await scratch.look()).differences.map(describeDifference));
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        remarks.push(cause instanceof Error ? cause.message : String(cause));
      }
      const complete = !lines.some((line) => line.startsWith("--"));
      found.push({ id, sql, proved: complete && remarks.length === 0, remarks });
      // What follows stands on the migration itself, and a half suggestion may have left anything.
      if (ids.size > found.length && remarks.length > 0) break;
      if (ids.size > found.length) await scratch.run(source);
      else break;
    }
  } finally {
    await scratch.remove();
  }
  return found;
}

/** The inverses in the order in which they run, each with its semicolon. */
async function inverted(
  source: SqlSource,
  db: Database | null,
  run: (text: string) => Promise<void>,
): Promise<string[]> {
  const groups: string[][] = [];
  for (const statement of await parseSql(source)) {
    const inverse = await invertStatement(statement, db);
    const first = statement.text.trim().split("\n")[0]!.slice(0, 80);
    groups.push(
      inverse === null ? [`-- not known how to take back: ${first}`] : inverse.map((sql) => `${sql.trim()};`),
    );
    await run(statement.text);
  }
  return groups.reverse().flat();
}

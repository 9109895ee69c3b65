import { lintMigrations } from "../lint/lint-migrations.ts";
import type { Checked } from "./adapt-migration.ts";
import type { ImportProblem } from "./foreign-migration.ts";

/** Found by the lint, and in the way of reading the file here. */
const BLOCKING = ["ML001", "ML002", "ML003", "ML004", "ML007", "ML102", "ML103"];

/** What is written has to be readable here: the lint says all that stands in the way, not only the first. */
export async function unreadable(files: readonly Checked[], now: Date): Promise<ImportProblem[]> {
  const sources = files.map(({ file, up, downFile, down }) => ({
    up: { file, text: up },
    rollback: down === null ? null : { file: downFile, text: down },
  }));
  const findings = await lintMigrations(sources, { now, supabase: false, rollbacks: false });
  return findings
    .filter(({ code, waiver }) => waiver === null && BLOCKING.includes(code))
    .map(({ file, line, column, message, fix }) => ({
      file: `${file}:${line}:${column}`,
      why: message,
      todo: fix,
    }));
}

import { SlipwayError } from "@slipway/kernel";
import { checkPhase } from "../classify/check-phase.ts";
import { classifyRollback } from "../loss/classify-rollback.ts";
import { compareVersions, downFile, type Migration, upFile } from "../migration.ts";
import { unprovedWaiver } from "../prove/unproved-waiver.ts";
import { checkStatements } from "../sql/check-statements.ts";
import { executionOfStatements } from "../sql/execution-of.ts";
import { migrationInvalid } from "../sql/migration-invalid.ts";
import { parseSql, type SqlStatement } from "../sql/parse-sql.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { invertFile } from "../suggest/suggest-rollback.ts";
import { misplacedDirective, readDirectives } from "./directives.ts";
import { invalid, listMigrationFiles, readSqlFile } from "./migration-files.ts";
import { orderOfApplication } from "./order-of-application.ts";
import { replacedBy } from "./replaces-directive.ts";
import { readWaivers, WAIVER_FORM } from "./waivers.ts";

/**
 * Reads, parses and checks a migrations folder: `<version>_<name>.sql` with `rollbacks/<version>_<name>.sql`, in the
 * order of application. The kind comes from the rollback SQL, or from a directive at the top of the migration
 * (`-- slipway: lossless REASON`, `lossy REASON`, `irreversible REASON`); the phase is `expand` unless `-- slipway: contract`
 * stands there. `-- slipway: lock_timeout 2s` and `statement_timeout 5min` hold for the migration and its rollback.
 *
 * @throws {SlipwayError} MIGRATION_INVALID naming file, line and column; MIGRATION_ROLLBACK_MISSING.
 * @example
 * const migrations = await readMigrations("migrations");
 * migrations[0]?.id; // "20260101000001_products"
 */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const { ids, rollbacks } = listMigrationFiles(folder);
  const migrations: Migration[] = [];
  for (const id of ids) migrations.push(await readMigration(folder, id, rollbacks.has(id)));
  const ordered = orderOfApplication(migrations);
  for (const [index, migration] of ordered.entries()) refuseReplaced(migration, index);
  return ordered;
}

function refuseReplaced({ id, replaces }: Migration, index: number): void {
  if (replaces === undefined) return;
  const newer = replaces.find((one) => compareVersions(one.id, id) > 0 || one.id === id);
  if (index === 0 && newer === undefined) return;
  throw invalid(upFile(id), {
    why:
      newer === undefined
        ? "it replaces other migrations and is not the first one of the folder: it would run on what is there already"
        : `it replaces "${newer.id}", which is not older than itself`,
    todo: "Let slipway migrate squash write it",
  });
}

async function readMigration(folder: string, id: string, hasRollback: boolean): Promise<Migration> {
  const up = readSqlFile(folder, upFile(id));
  const source = { file: upFile(id), text: up.text };
  const directives = readDirectives(source);
  const phase = directives.phase ?? "expand";
  const statements = await readStatements(source, "Write the change");
  const replaces = replacedBy(up.text);
  // A squashed one runs on new databases only, where no older app serves.
  if (phase === "expand" && replaces === undefined) checkPhase(source, statements);
  if (hasRollback === (directives.kind === "irreversible")) {
    throw hasRollback ? rollbackOfIrreversible(id) : rollbackMissing(id, await invertFile(source));
  }
  const down = hasRollback ? readSqlFile(folder, downFile(id)) : null;
  unprovedWaiver({ id, down: down?.text ?? null });
  const kind = down === null ? "irreversible" : await kindOfRollback({ file: downFile(id), text: down.text });
  return {
    id,
    version: /^\d+/.exec(id)![0],
    name: id.replace(/^\d+_/, ""),
    up: up.text,
    down: down?.text ?? null,
    upSha256: up.sha256,
    downSha256: down?.sha256 ?? null,
    phase,
    kind: directives.kind ?? kind,
    reason: directives.reason,
    ...(directives.late === null ? {} : { late: directives.late }),
    ...(directives.gap === null ? {} : { gap: directives.gap }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

async function kindOfRollback(source: SqlSource): Promise<Migration["kind"]> {
  const misplaced = misplacedDirective(source.text);
  if (misplaced !== -1) {
    throw migrationInvalid(source, misplaced, {
      why: "directives belong to the migration, not to its rollback",
      todo: "Move the line to the top of the migration",
    });
  }
  const nothing = "Write the SQL that undoes the migration, or select 1; where nothing is to be undone";
  return classifyRollback(await readStatements(source, nothing));
}

async function readStatements(source: SqlSource, whenEmpty: string): Promise<SqlStatement[]> {
  const statements = await parseSql(source);
  if (statements.length === 0) {
    const why = source.text.trim() === "" ? "the file is empty" : "the file holds comments only";
    throw invalid(source.file, { why, todo: whenEmpty });
  }
  refuseWrongWaivers(source);
  checkStatements(source, statements);
  executionOfStatements(source, statements);
  return statements;
}

function refuseWrongWaivers(source: SqlSource): void {
  const wrong = readWaivers(source.text).find((waiver) => "problem" in waiver);
  if (wrong === undefined || !("problem" in wrong)) return;
  throw migrationInvalid(source, wrong.offset, { why: wrong.problem, todo: `Write: ${WAIVER_FORM}` });
}

function rollbackMissing(id: string, suggestion: string | null): SlipwayError {
  const like =
    suggestion === null ? "" : `; it could be\n    ${suggestion.trim().replaceAll("\n", "\n    ")}`;
  return new SlipwayError("MIGRATION_ROLLBACK_MISSING", {
    what: `Cannot use migration "${id}"`,
    why: `it has no rollback file "${downFile(id)}"`,
    todo: `Write ${downFile(id)}, or put -- slipway: irreversible <reason> at the top of ${upFile(id)}${like}`,
  });
}

function rollbackOfIrreversible(id: string): SlipwayError {
  return invalid(upFile(id), {
    why: `it says it is irreversible and has the rollback file "${downFile(id)}"`,
    todo: "Remove the directive or the rollback file",
  });
}

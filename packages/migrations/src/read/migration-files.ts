import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closestWord, SlipwayError, sha256 } from "@slipway/kernel";
import { compareVersions } from "../migration.ts";
import { squashUnfinished } from "../squash/write-squash.ts";

/** Why two files may not share a version, and what to do. Nothing can allow it: other tools know a migration by it alone. */
export const DISTINCT_VERSIONS =
  "Give one of them a newer version: Supabase's history and those of other tools hold one row for each";

/** The names found in a migrations folder. */
export interface MigrationFiles {
  /** Migrations in the order of their versions; ids are file names without `.sql`. */
  readonly ids: readonly string[];
  /** Ids that have a file in `rollbacks/`. */
  readonly rollbacks: ReadonlySet<string>;
}

const NAME = /^\d+_[a-z0-9_]+\.sql$/;
const ROLLBACKS = "rollbacks";
/** Tests of policies, read by those who run them. */
const TESTS = "tests";
/** Probes, read by `readProbes`. */
const INVARIANTS = "invariants";

/**
 * Lists a migrations folder: `<version>_<name>.sql`, and `rollbacks/` with files of the same names. Dot-files,
 * README.md and the folders `tests/` and `invariants/` may lie beside them, nothing else may.
 *
 * @throws {SlipwayError} MIGRATION_INVALID for stray files, with the reason, for duplicated versions and for a
 * rollback without a migration.
 */
export function listMigrationFiles(folder: string): MigrationFiles {
  if (squashUnfinished(folder)) {
    throw new SlipwayError("MIGRATION_INVALID", {
      what: `Cannot read the migrations in "${folder}"`,
      why: "they were being squashed, and that was interrupted",
      todo: "Run slipway migrate squash: it ends what was begun",
    });
  }
  const ids = namesIn(folder, "").sort(compareVersions);
  for (const [index, id] of ids.entries()) {
    const before = ids[index - 1];
    if (before !== undefined && compareVersions(before, id) === 0) throw duplicatedVersion(before, id);
  }
  const known = new Set(ids);
  const rollbacks = new Set(namesIn(join(folder, ROLLBACKS), `${ROLLBACKS}/`));
  for (const id of rollbacks) {
    if (known.has(id)) continue;
    const near = closestWord(id, ids);
    throw invalid(`${ROLLBACKS}/${id}.sql`, {
      why: `there is no migration "${id}.sql"${near ? `: did you mean "${near}.sql"?` : ""}`,
      todo: "Give the rollback the name of its migration, or remove it",
    });
  }
  return { ids, rollbacks };
}

/** Reads one file. The checksum is over the bytes as they are; the text is without a byte order mark. */
export function readSqlFile(folder: string, file: string): { text: string; sha256: string } {
  const bytes = readFileSync(join(folder, file));
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(file, { why: "it is not UTF-8", todo: "Save it as UTF-8", cause });
  }
  if (text.includes("\0")) {
    throw invalid(file, { why: "it holds a NUL character, which Postgres cannot store", todo: "Remove it" });
  }
  return { text, sha256: sha256(bytes) };
}

/** MIGRATION_INVALID for a file as a whole. */
export function invalid(
  file: string,
  problem: { readonly why: string; readonly todo: string; readonly cause?: unknown },
): SlipwayError {
  return new SlipwayError("MIGRATION_INVALID", { what: `Cannot use migration file "${file}"`, ...problem });
}

function namesIn(folder: string, prefix: "" | `${typeof ROLLBACKS}/`): string[] {
  const ids: string[] = [];
  for (const entry of entriesOf(folder, prefix)) {
    if (entry.name.startsWith(".") || entry.name === "README.md") continue;
    if (entry.isDirectory()) {
      if (prefix === "" && [ROLLBACKS, TESTS, INVARIANTS].includes(entry.name)) continue;
      throw invalid(`${prefix}${entry.name}/`, {
        why: `only ${ROLLBACKS}/, ${TESTS}/ and ${INVARIANTS}/ may be folders in the migrations folder`,
        todo: `Move its files to ${ROLLBACKS}/, or out of the migrations folder`,
      });
    }
    if (!NAME.test(entry.name)) throw strayFile(prefix, entry.name);
    ids.push(entry.name.slice(0, -".sql".length));
  }
  return ids;
}

function entriesOf(folder: string, prefix: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    if (missing && prefix !== "") return [];
    throw new SlipwayError("MIGRATION_INVALID", {
      what: `Cannot read the migrations in "${folder}"`,
      why: missing ? "there is no such folder" : cause instanceof Error ? cause.message : String(cause),
      todo: "Correct the name of the folder, or make it",
      cause,
    });
  }
}

const DOWN_FILE = /[._-](?:down|rollback|undo|revert)(?=\.sql$|$)/i;

function strayFile(prefix: string, name: string): SlipwayError {
  const file = `${prefix}${name}`;
  if (prefix === "" && DOWN_FILE.test(name)) {
    return invalid(file, {
      why: "a rollback beside the migrations is run as a migration by other tools (Supabase's CLI among them), before its own migration",
      todo: `Move it to ${ROLLBACKS}/${name.replace(DOWN_FILE, "").toLowerCase()}`,
    });
  }
  const suggestion = name
    .toLowerCase()
    .replace(/\.(?:up|down|rollback)\.sql$/, ".sql")
    .replace(/[- ]/g, "_");
  return invalid(file, {
    why: "the name is not <digits>_<lower case letters, digits, underscores>.sql",
    todo: NAME.test(suggestion) ? `Rename it to ${prefix}${suggestion}` : "Rename it, or move it elsewhere",
  });
}

function duplicatedVersion(first: string, second: string): SlipwayError {
  const rollback = [first, second].find((id) => DOWN_FILE.test(id) || /_(?:down|rollback)$/.test(id));
  return invalid(`${second}.sql`, {
    why: `"${first}.sql" has the same version`,
    todo: rollback
      ? `Move ${rollback}.sql to ${ROLLBACKS}/, under the name of its migration`
      : DISTINCT_VERSIONS,
  });
}

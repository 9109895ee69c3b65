import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { StoredProbe } from "@slipway/ledger";
import { invalid, readSqlFile } from "../read/migration-files.ts";
import { migrationInvalid } from "../sql/migration-invalid.ts";
import { parseSql } from "../sql/parse-sql.ts";

/** The folder of probes in the migrations folder. */
export const PROBES = "invariants";
const NAME = /^[a-z0-9][a-z0-9_-]*\.sql$/;

/**
 * Reads `invariants/*.sql` of a migrations folder: questions to the data that have to hold before and after a change of
 * the schema. Each file is one SELECT that gives no rows, or one row with `true`.
 *
 * @returns by name; empty where there is no such folder.
 * @throws {SlipwayError} MIGRATION_INVALID with file, line and column.
 */
export async function readProbes(folder: string): Promise<StoredProbe[]> {
  const probes: StoredProbe[] = [];
  for (const entry of namesIn(join(folder, PROBES))) {
    if (entry.startsWith(".") || entry === "README.md") continue;
    const file = `${PROBES}/${entry}`;
    if (!NAME.test(entry)) {
      throw invalid(file, {
        why: "the name of an invariant is lower-case letters, digits, _ and -, then .sql",
        todo: `Rename it, or move it out of ${PROBES}/`,
      });
    }
    const { text } = readSqlFile(folder, file);
    const source = { file, text };
    const [statement, second] = await parseSql(source);
    if (statement === undefined || second !== undefined || !("SelectStmt" in statement.node)) {
      throw migrationInvalid(source, second?.start ?? 0, {
        why: "an invariant is one SELECT",
        todo: "Write one SELECT that gives no rows, or one row with true, when all is well",
      });
    }
    probes.push({ name: entry.slice(0, -".sql".length), sql: statement.text });
  }
  return probes;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

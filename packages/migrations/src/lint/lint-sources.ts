import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { compareVersions } from "../migration.ts";
import { readSqlFile } from "../read/migration-files.ts";
import type { SqlSource } from "../sql/source-position.ts";
import type { LintSource } from "./lint-migrations.ts";

const DOWN = /\.(?:down|rollback)\.sql$/;

/**
 * Reads what is to be linted: migrations by their paths, or all of a folder. Lenient about names, so that folders of
 * other tools can be linted before they are imported. A rollback is looked for in `rollbacks/` and beside a `.up.sql`.
 *
 * @param shown how a path is called in findings.
 * @throws {SlipwayError} USAGE for a path that is not there, MIGRATION_INVALID for what is not UTF-8.
 */
export function lintSources(paths: readonly string[], shown: (path: string) => string): LintSource[] {
  return paths.flatMap(migrationsAt).map((path) => ({
    up: source(path, shown),
    rollback:
      rollbackOf(path)
        .filter((rollback) => existsSync(rollback))
        .map((rollback) => source(rollback, shown))[0] ?? null,
  }));
}

function migrationsAt(path: string): string[] {
  if (!existsSync(path)) {
    throw new SlipwayError("USAGE", {
      what: `Cannot lint "${path}"`,
      why: "there is no such file or folder",
      todo: "Name migrations, or a folder with migrations",
    });
  }
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith(".sql") && !name.startsWith(".") && !DOWN.test(name))
    .sort((a, b) => compareVersions(a, b) || (a < b ? -1 : 1))
    .map((name) => join(path, name));
}

function rollbackOf(path: string): string[] {
  const own = join(dirname(path), "rollbacks", basename(path));
  return path.endsWith(".up.sql") ? [own, path.replace(/\.up\.sql$/, ".down.sql")] : [own];
}

function source(path: string, shown: (path: string) => string): SqlSource {
  return { file: shown(path), text: readSqlFile(dirname(path), basename(path)).text };
}

import { filesOf, textOf } from "./folder-files.ts";
import type { ForeignFolder, ForeignMigration, ImportProblem, Layout } from "./foreign-migration.ts";

/**
 * Reads a folder of pairs: `<version>_<name>.up.sql` with `.down.sql` (golang-migrate, node-pg-migrate), or
 * `V<version>__<name>.sql` with `U<version>__<name>.sql` (Flyway).
 */
export function readPairs(
  folder: string,
  layout: Extract<Layout, "golang-migrate" | "node-pg-migrate" | "flyway">,
): ForeignFolder {
  const problems: ImportProblem[] = [];
  const skipped: string[] = [];
  const ups: { version: string; name: string; file: string }[] = [];
  const downs = new Map<string, string>();
  for (const file of filesOf(folder)) {
    const found = layout === "flyway" ? flywayName(file) : pairName(file);
    if (found === null) skipped.push(file);
    else if (found === "repeatable") {
      problems.push({
        file,
        why: "a repeatable migration runs again whenever it changes: it has no place in an order, and no rollback leads back from it",
        todo: "Put its content into a versioned migration, and each change into a new one",
      });
    } else if (found.part === "up") ups.push({ version: found.version, name: found.name, file });
    else if (downs.has(found.version)) {
      problems.push({
        file,
        why: `${downs.get(found.version)} has the same version`,
        todo: "Keep one of them",
      });
    } else downs.set(found.version, file);
  }
  const migrations = ups.map(({ version, name, file }): ForeignMigration => {
    const downFile = downs.get(version) ?? null;
    downs.delete(version);
    const down = downFile === null ? null : textOf(folder, downFile);
    return { version, name, file, up: textOf(folder, file), downFile, down };
  });
  for (const [version, file] of downs) {
    const why = `there is no migration of version ${version}`;
    problems.push({ file, why, todo: "Remove it, or bring its migration back" });
  }
  return { layout, migrations, problems, skipped };
}

interface Name {
  readonly part: "up" | "down";
  readonly version: string;
  readonly name: string;
}

function pairName(file: string): Name | null {
  const [, version, name, part] = /^(\d+)[_-](.*)\.(up|down)\.sql$/.exec(file) ?? [];
  return version === undefined || name === undefined
    ? null
    : { part: part === "up" ? "up" : "down", version, name };
}

function flywayName(file: string): Name | "repeatable" | null {
  if (/^R__.*\.sql$/.test(file)) return "repeatable";
  const [, prefix, version, name] = /^([VU])(\d+(?:[._]\d+)*)__(.*)\.sql$/.exec(file) ?? [];
  if (version === undefined || name === undefined) return null;
  return { part: prefix === "V" ? "up" : "down", version: version.replaceAll("_", "."), name };
}

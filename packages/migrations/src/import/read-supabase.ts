import { join } from "node:path";
import { filesOf, hasFolder, textOf } from "./folder-files.ts";
import type { ForeignFolder, ForeignMigration, ImportProblem } from "./foreign-migration.ts";

const NAME = /^(\d+)_(.*)\.sql$/;
/** Names that say so, and names that may only end in that word: those need a migration of the same version beside them. */
const DOWN = /\.(?:down|rollback|undo|revert)\.sql$/i;
const MAYBE_DOWN = /[_-](?:down|rollback|undo|revert)\.sql$/i;
/** Where projects keep the rollbacks that Supabase's CLI knows nothing of, relative to the migrations. */
const ROLLBACKS = ["../rollbacks", "../rollback", "../migrations-down", "rollbacks", "rollback", "down"];

/**
 * Reads `supabase/migrations`, or a folder above it, with the rollbacks in the places where they are usually kept. A
 * rollback beside the migrations is a problem: Supabase's CLI runs it as a migration, before its own.
 */
export function readSupabase(given: string): ForeignFolder {
  const folder = ["supabase/migrations", "migrations"].find((below) => hasFolder(given, below));
  const root = folder === undefined ? given : join(given, folder);
  const problems: ImportProblem[] = [];
  const skipped: string[] = [];
  const downs = new Map<string, { file: string; folder: string }>();
  for (const place of ROLLBACKS) {
    for (const file of filesOf(join(root, place))) {
      const version = /^(\d+)_.*\.sql$/.exec(file)?.[1];
      if (version === undefined) continue;
      const other = downs.get(version);
      if (other !== undefined) {
        const why = `${other.folder}/${other.file} is a rollback of version ${version} as well`;
        problems.push({ file: `${place}/${file}`, why, todo: "Keep one of them" });
      } else downs.set(version, { file, folder: place });
    }
  }
  const migrations: ForeignMigration[] = [];
  const files = filesOf(root);
  const hasTwin = (file: string) =>
    files.some((other) => other !== file && NAME.exec(other)?.[1] === NAME.exec(file)?.[1]);
  for (const file of files) {
    const [, version, name] = NAME.exec(file) ?? [];
    if (DOWN.test(file) || (MAYBE_DOWN.test(file) && hasTwin(file))) {
      problems.push({
        file,
        why: "a rollback beside the migrations is run by Supabase's CLI as a migration, before its own migration, and is recorded in its place",
        todo: `Move it to ../rollbacks/${file}`,
      });
    } else if (version === undefined || name === undefined) skipped.push(file);
    else {
      const down = downs.get(version);
      migrations.push({
        version,
        name,
        file,
        up: textOf(root, file),
        downFile: down === undefined ? null : `${down.folder}/${down.file}`,
        down: down === undefined ? null : textOf(join(root, down.folder), down.file),
      });
      downs.delete(version);
    }
  }
  for (const [version, { file, folder: place }] of downs) {
    const why = `there is no migration of version ${version}`;
    problems.push({ file: `${place}/${file}`, why, todo: "Remove it, or bring its migration back" });
  }
  return { layout: "supabase", migrations, problems, skipped };
}

import { join } from "node:path";
import { filesOf, foldersOf, textOf } from "./folder-files.ts";
import type { ForeignFolder, ForeignMigration, ImportProblem } from "./foreign-migration.ts";

type FolderLayout = "prisma" | "diesel";

/** The file of the up SQL. The rollback is `down.sql` in both. */
const UP = { prisma: "migration.sql", diesel: "up.sql" } as const;

/** The tool that keeps each migration in a folder of its own here; `null` for none. */
export function foldersAre(folder: string): FolderLayout | null {
  const inside = foldersOf(folder).map((name) => filesOf(join(folder, name)));
  for (const layout of ["prisma", "diesel"] as const) {
    if (inside.some((files) => files.includes(UP[layout]))) return layout;
  }
  return null;
}

/** Reads a folder of folders: Prisma's `<version>_<name>/migration.sql`, Diesel's `<version>_<name>/up.sql` and `down.sql`. */
export function readFolders(folder: string, layout: FolderLayout): ForeignFolder {
  const problems: ImportProblem[] = [];
  const skipped = filesOf(folder);
  const migrations: ForeignMigration[] = [];
  for (const name of foldersOf(folder)) {
    const files = filesOf(join(folder, name));
    if (!files.includes(UP[layout])) {
      skipped.push(`${name}/`);
      continue;
    }
    // Diesel's own dates have hyphens, and its versions are without them.
    const [, version, rest] = /^(\d[\d-]*)_(.*)$/.exec(name) ?? [];
    if (version === undefined || rest === undefined) {
      const why = "its name does not begin with a version";
      problems.push({ file: `${name}/`, why, todo: "Name it <digits>_<name>, in the order of application" });
      continue;
    }
    const text = (file: string) => textOf(folder, `${name}/${file}`);
    const hasDown = files.includes("down.sql");
    migrations.push({
      version: version.replaceAll("-", ""),
      name: rest,
      file: `${name}/${UP[layout]}`,
      up: text(UP[layout]),
      downFile: hasDown ? `${name}/down.sql` : null,
      down: hasDown ? text("down.sql") : null,
    });
  }
  return { layout, migrations, problems, skipped };
}

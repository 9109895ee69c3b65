import { foldersOf, PROGRAM } from "./folder-files.ts";
import { type ForeignFolder, type ImportProblem, layouts } from "./foreign-migration.ts";
import type { ImportOptions } from "./import-plan.ts";

/** Why a folder gave no migration, from what it holds instead. */
export function nothingFound(
  folder: string,
  { layout, skipped }: ForeignFolder,
  from: ImportOptions["from"],
): ImportProblem {
  const inside = [...skipped, ...foldersOf(folder).map((name) => `${name}/`)];
  const there = inside.length === 0 ? "it is empty" : `there is only ${inside.slice(0, 5).join(", ")}`;
  const programs = skipped.filter((file) => PROGRAM.test(file));
  if (programs.length > 0) {
    const why = `its migrations are programs, such as ${programs[0]}, and what they do no text tells`;
    return { file: folder, why, todo: "Write them as SQL, or begin with a dump of the schema they lead to" };
  }
  return from === "auto"
    ? {
        file: folder,
        why: `it holds no migrations in a layout that is known: ${there}`,
        todo: `Name the folder that holds them. A file is called <digits>_<name>.sql; the tools that are known: ${layouts.join(", ")}`,
      }
    : {
        file: folder,
        why: `it holds no migration in the layout of ${layout}: ${there}`,
        todo: "Name the folder that holds them, and the tool with --from",
      };
}

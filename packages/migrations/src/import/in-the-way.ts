import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compareVersions, downFile, upFile } from "../migration.ts";
import { DISTINCT_VERSIONS } from "../read/migration-files.ts";
import { filesOf } from "./folder-files.ts";
import type { ImportProblem } from "./foreign-migration.ts";
import type { PlannedImport } from "./import-plan.ts";

/** What our folder holds already that keeps migrations from being written: nothing is ever overwritten. */
export function inTheWay(migrations: readonly PlannedImport[], into: string): ImportProblem[] {
  const present = filesOf(into).filter((file) => /^\d+_.*\.sql$/.test(file));
  const newest = present
    .map((file) => file.replace(/\.sql$/, ""))
    .sort(compareVersions)
    .at(-1);
  return migrations.flatMap(({ id, from, state }): ImportProblem[] => {
    if (state === "same") return [];
    const taken = [upFile(id), downFile(id)].find((file) => existsSync(join(into, file)));
    if (taken !== undefined) {
      return [
        {
          file: from,
          why: `${taken} is there already and differs`,
          todo: `Compare them; nothing is ever overwritten`,
        },
      ];
    }
    const other = present.find((file) => compareVersions(file, id) === 0);
    if (other !== undefined)
      return [{ file: from, why: `${other} has the same version`, todo: DISTINCT_VERSIONS }];
    if (newest === undefined || compareVersions(id, newest) > 0) return [];
    return [
      {
        file: from,
        why: `it is older than ${newest}, which is there already`,
        todo: "Give it a newer version",
      },
    ];
  });
}

/** Whether both files of a migration are there already, byte for byte. */
export function isThere({ id, up, down }: Pick<PlannedImport, "id" | "up" | "down">, into: string): boolean {
  const holds = (file: string, text: string | null) => {
    const path = join(into, file);
    return text === null ? !existsSync(path) : existsSync(path) && readFileSync(path, "utf8") === text;
  };
  return holds(downFile(id), down) && holds(upFile(id), up);
}

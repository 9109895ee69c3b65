import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Every program of this name on a PATH, in its order. */
export function findOnPath(name: string, path: string): string[] {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .filter(isProgram);
}

/** Whether a file can be run; an empty one, left by an interrupted copy, cannot. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    const found = statSync(file);
    return found.isFile() && found.size > 0;
  } catch {
    // Missing, or not for this user: both mean that it is not usable.
    return false;
  }
}

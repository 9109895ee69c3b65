import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** Makes a folder, its parents too, and gives its path. */
export function newFolder(parent: string, name: string): string {
  const path = join(parent, name);
  mkdirSync(path, { recursive: true });
  return path;
}

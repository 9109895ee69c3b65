import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, with a slash at its end. */
export const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));

/** The text of a file, named from the root. */
export function readFromRoot(file: string): string {
  return readFileSync(join(repositoryRoot, file), "utf8");
}

/** Whether a file or folder exists, named from the root. */
export function existsInRoot(file: string): boolean {
  return existsSync(join(repositoryRoot, file));
}

/** The files below a folder whose names end so, named from the root, in order. */
export function filesBelow(folder: string, ending: string): string[] {
  const found: string[] = [];
  const visit = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!isForeign(entry.name)) visit(path);
      } else if (entry.name.endsWith(ending)) found.push(relative(repositoryRoot, path));
    }
  };
  visit(join(repositoryRoot, folder));
  return found.sort();
}

// Installed, built or kept by a run: not written by us.
function isForeign(folder: string): boolean {
  return folder === "node_modules" || folder === "dist" || (folder.startsWith(".") && folder !== ".github");
}

import { mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { LastKnown, SavedFlags } from "../client/flag-files.ts";

/**
 * Keeps the last known document in a file. It is written beside and renamed, so that a process killed while
 * writing leaves the old one. Several processes may share it: the last one to write wins, and all of them
 * write what the store said. Readable by its owner only: rules may name people.
 */
export function lastKnownFile(path: string): LastKnown {
  let writing: Promise<void> = Promise.resolve();
  return {
    read: () => {
      const text = readIfThere(path);
      return text === null ? null : (JSON.parse(text) as SavedFlags);
    },
    write: (saved) => {
      writing = writing
        // The one before may have failed; this one has its own answer.
        .catch(() => {})
        .then(async () => {
          mkdirSync(dirname(path), { recursive: true });
          const beside = `${path}.${process.pid}.tmp`;
          await writeFile(beside, JSON.stringify(saved), { mode: 0o600 });
          await rename(beside, path);
        });
      return writing;
    },
  };
}

/** The file's text, or null when there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

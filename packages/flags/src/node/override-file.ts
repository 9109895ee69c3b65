import { statSync } from "node:fs";
import type { OverrideFile } from "../client/flag-files.ts";
import { readIfThere } from "./last-known-file.ts";

/** Reads the local override, a JSON object of values by key, again whenever the file changes. */
export function overrideFile(path: string): OverrideFile {
  let seen: string | null = null;
  return {
    read: () => {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) {
        seen = null;
        return null;
      }
      const now = `${stat.mtimeMs}/${stat.size}/${stat.ino}`;
      if (now === seen) return "unchanged";
      // Noted before it is parsed: a file that is not valid is reported once, not once a second.
      seen = now;
      const text = readIfThere(path);
      return text === null ? null : { values: JSON.parse(text) };
    },
  };
}

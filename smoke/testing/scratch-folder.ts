import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the files of one test. */
export interface ScratchFolder {
  readonly path: string;
  /** Writes a file, anything but a text as JSON, and gives its path. */
  file(name: string, content: string | object): string;
  remove(): void;
}

/** Makes a folder that nothing else uses. */
export function scratchFolder(): ScratchFolder {
  const path = mkdtempSync(join(tmpdir(), "smoke-"));
  return {
    path,
    file(name, content) {
      const file = join(path, name);
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
      return file;
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}

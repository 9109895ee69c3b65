import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A migrations folder for one test: file names relative to it, and what they hold. */
export interface MigrationsFolder {
  readonly path: string;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  remove(): void;
}

/** Makes a migrations folder below the system's temporary folder. */
export function migrationsFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): MigrationsFolder {
  const path = mkdtempSync(join(tmpdir(), "slipway-migrations-"));
  const folder: MigrationsFolder = {
    path,
    write(more) {
      for (const [name, content] of Object.entries(more)) {
        mkdirSync(join(path, name, ".."), { recursive: true });
        writeFileSync(join(path, name), content);
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  folder.write(files);
  return folder;
}

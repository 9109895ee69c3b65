import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file for another program of the same user to read. */
export interface PrivateFile {
  readonly path: string;
  remove(): void;
}

/**
 * Writes a secret where ssh can read it as a file, readable by this user alone. Where there is a `/proc` (Linux)
 * the file has no name any more before anything is written to it; others reach it through this process, and it
 * is gone when this process is, however that ends. Elsewhere it has a name until it is removed.
 */
export function privateFile(content: string, processes = "/proc"): PrivateFile {
  const folder = mkdtempSync(join(tmpdir(), "command-"));
  const named = join(folder, "file");
  const descriptor = openSync(named, "wx+", 0o600);
  const unnamed = join(processes, String(process.pid), "fd", String(descriptor));
  const hidden = existsSync(unnamed);
  const forget = () => rmSync(folder, { recursive: true, force: true });
  if (hidden) forget();
  else process.once("exit", forget);
  writeFileSync(descriptor, content);
  return {
    path: hidden ? unnamed : named,
    remove: () => {
      closeSync(descriptor);
      process.off("exit", forget);
      forget();
    },
  };
}

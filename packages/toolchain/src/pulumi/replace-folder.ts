import { existsSync, renameSync, rmSync } from "node:fs";

/** Puts a finished folder in another one's place: whoever looks sees the old one, none, or the new one, whole. */
export function replaceFolder(from: string, to: string): void {
  const old = `${from}.old`;
  if (existsSync(to)) renameSync(to, old);
  renameSync(from, to);
  rmSync(old, { recursive: true, force: true });
}

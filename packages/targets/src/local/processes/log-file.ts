import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from "node:fs";

const CAP_BYTES = 8 * 1024 * 1024;
const TAIL_BYTES = 256 * 1024;

/**
 * Opens a log file for a program to append to, and gives its descriptor. A file that grew over the cap becomes
 * `<path>.1` first, in place of the one before; while a program runs its log is not cut.
 */
export function openLog(path: string, capBytes = CAP_BYTES): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > capBytes) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

/**
 * The last lines of a log file, at most 256 KiB of it; empty where there is no file. What precedes the first
 * full line is left out: half a secret would not be recognised as one.
 */
export function tailLog(path: string, lines: number): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - from);
    const text = buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, from));
    const whole = from === 0 ? text : text.slice(text.indexOf("\n") + 1);
    return whole.trimEnd().split("\n").slice(-lines).join("\n");
  } finally {
    closeSync(file);
  }
}

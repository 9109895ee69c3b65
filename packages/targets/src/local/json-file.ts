import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Replaces a JSON file at once, readable by its owner only: a reader finds the old one or the new one. */
export function writeJsonFile(path: string, value: unknown): void {
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, path);
}

/** Reads a JSON object, or gives null where there is no such file. Throws a SyntaxError for anything else. */
export function readJsonFile(path: string): Readonly<Record<string, unknown>> | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new SyntaxError(`${path} does not hold a JSON object`);
  return value;
}

/** Whether reading failed because there is nothing: neither the path, nor, with a file in its place, a folder above it. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code));
}

/** Whether a parsed JSON value is an object, and neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { FlagDocumentError } from "./flag-document-error.ts";

/** Small readers of unknown input. Each returns what it was promised or throws with the path. */

export type Body = Readonly<Record<string, unknown>>;

export function refuse(path: string, wanted: string, found: unknown): never {
  throw new FlagDocumentError(path, wanted, found);
}

export function readObject(input: unknown, path: string): Body {
  if (typeof input !== "object" || input === null || Array.isArray(input)) refuse(path, "an object", input);
  return input as Body;
}

export function readArray(input: unknown, path: string): readonly unknown[] {
  return Array.isArray(input) ? input : refuse(path, "a list", input);
}

/** A text with at least one character. */
export function readText(input: unknown, path: string): string {
  return typeof input === "string" && input !== "" ? input : refuse(path, "a text", input);
}

export function readString(input: unknown, path: string): string {
  return typeof input === "string" ? input : refuse(path, "a string", input);
}

export function readStrings(input: unknown, path: string): readonly string[] {
  return readArray(input, path).map((item, index) => readString(item, `${path}[${index}]`));
}

export function readBoolean(input: unknown, path: string): boolean {
  return typeof input === "boolean" ? input : refuse(path, "true or false", input);
}

export function readInteger(input: unknown, path: string, least: number, most: number): number {
  if (typeof input !== "number" || !Number.isSafeInteger(input) || input < least || input > most)
    refuse(path, `an integer from ${least} to ${most}`, input);
  return input as number;
}

/** An RFC 3339 moment, or null. */
export function readMoment(input: unknown, path: string): string | null {
  if (input === null || input === undefined) return null;
  const moment = readText(input, path);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(moment) || Number.isNaN(Date.parse(moment)))
    refuse(path, "a moment like 2027-01-31T12:00:00Z", input);
  return moment;
}

/** An optional member: left out stays left out. */
export function optional<K extends string, T>(
  body: Body,
  key: K,
  path: string,
  read: (input: unknown, path: string) => T,
): { readonly [key in K]?: T } {
  const input = body[key];
  return input === undefined || input === null
    ? {}
    : ({ [key]: read(input, `${path}.${key}`) } as { [key in K]: T });
}

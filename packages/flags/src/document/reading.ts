import { FlagDocumentError } from "./flag-document-error.ts";

/**
 * Small readers of unknown input. Each returns what it was promised or throws. Paths are put together only when
 * something is wrong, on the way up: a document of 10,000 flags is read without a single one.
 */
export type Body = Readonly<Record<string, unknown>>;

export function refuse(path: string, wanted: string, found: unknown): never {
  throw new FlagDocumentError(path, wanted, found);
}

/** Reads something further down; what it refuses gets `step` in front of its path. */
export function within<T>(step: string, input: unknown, parse: (input: unknown) => T): T {
  try {
    return parse(input);
  } catch (error) {
    throw error instanceof FlagDocumentError ? error.inside(step) : error;
  }
}

export function asObject(input: unknown): Body {
  if (typeof input !== "object" || input === null || Array.isArray(input)) refuse("", "an object", input);
  return input as Body;
}

export function readList<T>(body: Body, key: string, parse: (input: unknown) => T): readonly T[] {
  const input = body[key];
  if (!Array.isArray(input)) refuse(key, "a list", input);
  const list = input as readonly unknown[];
  if (list.length === 0) return none;
  const found: T[] = [];
  for (let index = 0; index < list.length; index += 1) {
    try {
      found.push(parse(list[index]));
    } catch (error) {
      throw error instanceof FlagDocumentError ? error.inside(`[${index}]`).inside(key) : error;
    }
  }
  return found;
}

/** One for all: most lists are empty. */
const none: readonly never[] = Object.freeze([]);

/** A list that may be left out. */
export const readListOrNone = <T>(body: Body, key: string, parse: (input: unknown) => T): readonly T[] =>
  isAbsent(body[key]) ? none : readList(body, key, parse);

/** A text with at least one character. */
export function readText(body: Body, key: string): string {
  const input = body[key];
  return typeof input === "string" && input !== "" ? input : refuse(key, "a text", input);
}

/** A text that may be left out or null. */
export const readTextOr = <T>(body: Body, key: string, fallback: T): string | T =>
  isAbsent(body[key]) ? fallback : readText(body, key);

export function asString(input: unknown): string {
  return typeof input === "string" ? input : refuse("", "a string", input);
}

export const readStrings = (body: Body, key: string): readonly string[] => readList(body, key, asString);

export function readBoolean(body: Body, key: string): boolean {
  const input = body[key];
  return typeof input === "boolean" ? input : refuse(key, "true or false", input);
}

export function readInteger(body: Body, key: string, least: number, most: number): number {
  const input = body[key];
  if (typeof input !== "number" || !Number.isSafeInteger(input) || input < least || input > most) {
    refuse(key, `an integer from ${least} to ${most}`, input);
  }
  return input as number;
}

/** An RFC 3339 moment, or null. */
export function readMoment(body: Body, key: string): string | null {
  if (isAbsent(body[key])) return null;
  const moment = readText(body, key);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(moment) || Number.isNaN(Date.parse(moment))) {
    refuse(key, "a moment like 2027-01-31T12:00:00Z", moment);
  }
  return moment;
}

export const isAbsent = (input: unknown): boolean => input === undefined || input === null;

/** An optional member: left out stays left out. */
export function optional<K extends string, T>(
  body: Body,
  key: K,
  read: (body: Body, key: string) => T,
): { readonly [key in K]?: T } {
  return isAbsent(body[key]) ? nothing : ({ [key]: read(body, key) } as { [key in K]: T });
}

const nothing = Object.freeze({});

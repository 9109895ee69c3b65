import { createRedactor } from "@slipway/kernel";
import type { Database } from "./database.ts";

const shapes = createRedactor();

/**
 * A text as it may be kept: secrets masked, and without what Postgres cannot hold (NUL, halves of surrogate
 * pairs), which would otherwise keep an event out of the audit.
 */
export function recordableText(db: Database, text: string): string {
  return (db.redactor ?? shapes).redact(text.toWellFormed().replaceAll("\0", "\uFFFD"));
}

/** {@link recordableText} for a value that may be missing. */
export function recordableOptional(db: Database, text: string | null): string | null {
  return text === null ? null : recordableText(db, text);
}

/**
 * A JSON value as it may be kept: every text and key through {@link recordableText}.
 *
 * @throws {TypeError} for numbers that are not safe integers, which programs write in different ways and so
 *   would break the audit's hashes, and for what JSON cannot carry.
 */
export function recordableValue(db: Database, value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return recordableText(db, value);
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return value;
    throw new TypeError(`Cannot record ${value}: only integers of at most 53 bits are the same everywhere`);
  }
  if (Array.isArray(value)) return value.map((item) => recordableValue(db, item));
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [recordableText(db, key), recordableValue(db, member)]),
    );
  }
  throw new TypeError(`Cannot record a ${typeof value}`);
}

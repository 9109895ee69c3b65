/**
 * Whom a flag is evaluated for: a flat record. Texts, finite numbers, booleans and dates count; anything else is
 * as if it were not there. Names with a meaning of their own: `userId` and `sessionId` (stickiness),
 * `currentTime` (a date; the clock when left out).
 *
 * @example
 * { userId: "u-7", country: "NL", seats: 12 }
 */
export interface FlagContext {
  readonly userId?: string | number | undefined;
  readonly sessionId?: string | number | undefined;
  readonly currentTime?: Date | string | undefined;
  readonly [attribute: string]: unknown;
}

/** An attribute as text, or null when it is not there. Functions and objects (`constructor`) are not there. */
export function textOf(context: FlagContext, attribute: string): string | null {
  const value = context[attribute];
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return null;
}

/** The id that `default` stickiness goes by, or null. */
export function defaultIdOf(context: FlagContext): string | null {
  const user = context.userId;
  if (typeof user === "string" && user !== "") return user;
  return idFrom(textOf(context, "userId")) ?? idFrom(textOf(context, "sessionId"));
}

/** An empty id sticks to nothing. */
export const idFrom = (text: string | null): string | null => (text === "" ? null : text);

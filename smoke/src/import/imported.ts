import { isOperators } from "../checks/matcher-operators.ts";
import type { Matcher } from "../definition/common.ts";
import type { HttpCheck } from "../definition/http-checks.ts";
import type { Check, Suite } from "../definition/suite.ts";

/** A suite made of something else, and what of it could not be carried over. */
export interface Imported {
  readonly suite: Suite;
  readonly unmapped: readonly Unmapped[];
}

/** One thing that has no place in a suite. */
export interface Unmapped {
  /** Where it stands: `line 12`, `POST /orders`. */
  readonly where: string;
  readonly why: string;
}

/** A check while it is put together. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };
export type HttpDraft = Draft<HttpCheck>;

/** Gives every check a name of its own, by adding a number where two have the same. */
export function withUniqueNames(checks: readonly Check[]): Check[] {
  const seen = new Map<string, number>();
  return checks.map((check) => {
    if (check.name === undefined) return check;
    const count = (seen.get(check.name) ?? 0) + 1;
    seen.set(check.name, count);
    return count === 1 ? check : { ...check, name: `${check.name} (${count})` };
  });
}

/** Says of one place why something of it was not carried over. */
export type Note = (why: string) => void;

/** Two tests of one value as one; `undefined` where both use the same operator, of which there can be one. */
export function bothMatchers(first: Matcher | undefined, second: Matcher): Matcher | undefined {
  if (first === undefined) return second;
  const operators = (one: Matcher) => (isOperators(one) ? one : { equals: one });
  const [a, b] = [operators(first), operators(second)];
  return Object.keys(b).some((key) => key in a) ? undefined : { ...a, ...b };
}

import type { MatcherOperators } from "../definition/common.ts";

/** The keys that make an object a set of operators. */
export const operatorNames = [
  "equals",
  "not",
  "oneOf",
  "contains",
  "startsWith",
  "matches",
  "exists",
  "type",
  "min",
  "max",
  "length",
] as const satisfies readonly (keyof MatcherOperators)[];

const known: ReadonlySet<string> = new Set(operatorNames);

/** Tells operators (`{ min: 1 }`) from an object that is meant literally (`{ id: 1 }`). */
export function isOperators(matcher: unknown): matcher is MatcherOperators {
  if (typeof matcher !== "object" || matcher === null || Array.isArray(matcher)) return false;
  const keys = Object.keys(matcher);
  return keys.length > 0 && keys.every((key) => known.has(key));
}

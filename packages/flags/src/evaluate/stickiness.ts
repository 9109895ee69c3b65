import { defaultIdOf, type FlagContext, idFrom, textOf } from "./flag-context.ts";

/** Finds the id that a bucket is computed from, or null when the context has none. */
export type IdOf = (context: FlagContext) => string | null;

/**
 * `default` is the user's id, else the session's; anything else is the attribute of that name. Null for `random`,
 * which sticks to nothing.
 */
export function idFinder(stickiness: string): IdOf | null {
  if (stickiness === "random") return null;
  if (stickiness === "default") return defaultIdOf;
  return (context) => idFrom(textOf(context, stickiness));
}

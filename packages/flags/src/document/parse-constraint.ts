import type { Constraint } from "./constraint.ts";
import { asObject, optional, readBoolean, readStrings, readText } from "./reading.ts";

/** Checks one constraint. The operator may be one that this version does not know: it never matches then. */
export function parseConstraint(input: unknown): Constraint {
  const body = asObject(input);
  return {
    attribute: readText(body, "attribute"),
    operator: readText(body, "operator"),
    values: readStrings(body, "values"),
    ...optional(body, "caseInsensitive", readBoolean),
    ...optional(body, "inverted", readBoolean),
  };
}

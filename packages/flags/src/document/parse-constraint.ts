import type { Constraint } from "./constraint.ts";
import { optional, readBoolean, readObject, readStrings, readText } from "./reading.ts";

/** Checks one constraint. The operator may be one that this version does not know: it never matches then. */
export function parseConstraint(input: unknown, path: string): Constraint {
  const body = readObject(input, path);
  return {
    attribute: readText(body.attribute, `${path}.attribute`),
    operator: readText(body.operator, `${path}.operator`),
    values: readStrings(body.values, `${path}.values`),
    ...optional(body, "caseInsensitive", path, readBoolean),
    ...optional(body, "inverted", path, readBoolean),
  };
}

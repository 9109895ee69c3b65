import { closestWord } from "@slipway/kernel";
import type { JsonSchema } from "./validate.ts";

/** What is wrong with one value, its members aside, or `undefined`. */
export function problemOf(value: unknown, schema: JsonSchema): string | undefined {
  if (schema.const !== undefined)
    return value === schema.const ? undefined : `must be ${JSON.stringify(schema.const)}`;
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const near = typeof value === "string" ? closestWord(value, schema.enum.map(String)) : null;
    const words = `must be one of ${schema.enum.join(", ")}`;
    return near === null ? words : `${words}: did you mean ${near}`;
  }
  if (schema.type !== undefined && !isOfType(value, schema.type)) return `must be ${typeNames[schema.type]}`;
  if (typeof value === "string") {
    if (value.length < (schema.minLength ?? 0)) return "must not be empty";
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
      return `must match ${schema.pattern}`;
  }
  if (typeof value === "number") {
    if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) return `must be at least ${schema.minimum}`;
    if (value > (schema.maximum ?? Number.POSITIVE_INFINITY)) return `must be at most ${schema.maximum}`;
  }
  if (Array.isArray(value) && value.length < (schema.minItems ?? 0)) return "must not be empty";
  return undefined;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  null: "null",
};

/** Whether a problem is that a value has another type. */
export function isTypeProblem(problem: string): boolean {
  return Object.values(typeNames).some((name) => problem === `must be ${name}`);
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return type === "null" ? value === null : typeof value === type;
  }
}

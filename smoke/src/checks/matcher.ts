import type { Matcher } from "../definition/common.ts";
import type { Found } from "./json-path.ts";
import { isOperators } from "./matcher-operators.ts";

/**
 * Whether a value is what a matcher asks for.
 *
 * @example
 * matches({ found: true, value: 3 }, { min: 1 }); // true
 */
export function matches(found: Found, matcher: Matcher): boolean {
  if (!isOperators(matcher)) return found.found && sameJson(found.value, matcher);
  return Object.entries(matcher).every(([operator, operand]) => holds(found, operator, operand));
}

function holds(found: Found, operator: string, operand: unknown): boolean {
  if (operator === "exists") return found.found === operand;
  if (operator === "not" && isOperators(operand) && operand.exists !== undefined)
    return !matches(found, operand);
  if (!found.found) return false;
  const { value } = found;
  switch (operator) {
    case "equals":
      return sameJson(value, operand);
    case "not":
      return !matches(found, operand as Matcher);
    case "oneOf":
      return (operand as unknown[]).some((one) => sameJson(value, one));
    case "contains":
      return Array.isArray(value)
        ? value.some((item) => sameJson(item, operand))
        : typeof value === "string" && value.includes(String(operand));
    case "startsWith":
      return typeof value === "string" && value.startsWith(operand as string);
    case "matches":
      return typeof value === "string" && new RegExp(operand as string, "u").test(value);
    case "type":
      return operand === "integer" ? Number.isInteger(value) : typeName(value) === operand;
    case "min":
      return typeof value === "number" && value >= (operand as number);
    case "max":
      return typeof value === "number" && value <= (operand as number);
    case "length":
      return (
        (typeof value === "string" || Array.isArray(value)) &&
        matches({ found: true, value: value.length }, operand as Matcher)
      );
    default:
      throw new TypeError(`Unknown operator ${operator}`);
  }
}

/** A matcher in words: `>= 1`, `"ok"`, `one of "a", "b"`. */
export function matcherText(matcher: Matcher): string {
  if (!isOperators(matcher)) return valueText(matcher);
  return Object.entries(matcher)
    .map(([operator, operand]) => operatorText(operator, operand))
    .join(" and ");
}

function operatorText(operator: string, operand: unknown): string {
  switch (operator) {
    case "equals":
      return valueText(operand);
    case "not":
      return `not ${matcherText(operand as Matcher)}`;
    case "oneOf":
      return `one of ${(operand as unknown[]).map(valueText).join(", ")}`;
    case "startsWith":
      return `starts with ${valueText(operand)}`;
    case "matches":
      return `matches /${operand}/`;
    case "exists":
      return operand ? "anything" : "nothing";
    case "type":
      return `a value of type ${operand}`;
    case "min":
      return `>= ${operand}`;
    case "max":
      return `<= ${operand}`;
    case "length":
      return `length ${matcherText(operand as Matcher)}`;
    default:
      return `${operator} ${valueText(operand)}`;
  }
}

/** What was found, in words. */
export function foundText(found: Found): string {
  return found.found ? valueText(found.value) : "nothing";
}

/** A value as JSON. Reports shorten it, after secrets have been taken out. */
export function valueText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Lists in lists by the ten thousand, which a parser reads and a writer does not: an odd answer, and not our bug.
    return "a value nested too deeply to be shown";
  }
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) &&
        sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}

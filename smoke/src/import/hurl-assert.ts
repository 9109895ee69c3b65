import type { Matcher } from "../definition/common.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import type { Draft } from "./imported.ts";

type Expectation = Draft<HttpExpectation>;

/** What an assert asks about: `jsonpath "$.a"`, `header "x"`, `body`, `duration`, `status`. */
const assertPattern = /^(?<query>\w+)(?:\s+"(?<name>(?:[^"\\]|\\.)*)")?\s+(?<rest>.+)$/;

/**
 * Adds one assert of a hurl file to an expectation.
 *
 * @returns why it has no place there, or `undefined` when it was added.
 */
export function addHurlAssert(text: string, expect: Expectation): string | undefined {
  const groups = assertPattern.exec(text.replace(/\s+#[^"]*$/, ""))?.groups;
  if (groups === undefined) return `the assert is not understood: ${text}`;
  const { query, name, rest = "" } = groups;
  if (query === "jsonpath" && name !== undefined && /\?|\.\./.test(name)) {
    return `the JSON path has a filter or "..": ${name}`;
  }
  const matcher = matcherOf(rest.replace(/^count\s+/, ""));
  if (matcher === undefined) return `the predicate is not understood: ${rest}`;
  const value = /^count\s/.test(rest) ? { length: matcher } : matcher;
  switch (query) {
    case "status":
      if (typeof matcher !== "number") return "only status == is understood";
      expect.status = matcher;
      return undefined;
    case "jsonpath":
      expect.json = { ...expect.json, [name ?? "$"]: both(expect.json?.[name ?? "$"], value) };
      return undefined;
    case "header":
      expect.headers = { ...expect.headers, [name ?? ""]: both(expect.headers?.[name ?? ""], value) };
      return undefined;
    case "body":
      expect.text = both(expect.text, value);
      return undefined;
    case "duration": {
      const { max } = (matcher ?? {}) as { readonly max?: number };
      if (max === undefined) return "only duration < and <= are understood";
      expect.within = max;
      return undefined;
    }
    default:
      return `there is no place for ${query}`;
  }
}

/** Two tests of one value become one, where their operators do not meet. */
function both(first: Matcher | undefined, second: Matcher): Matcher {
  const plain = (one: Matcher) => (isObject(one) ? one : { equals: one });
  return first === undefined ? second : { ...plain(first), ...plain(second) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function matcherOf(predicate: string): Matcher | undefined {
  const [, negated, operator = "", operand = ""] =
    /^(not\s+)?(==|!=|>=|<=|>|<|\w+)\s*(.*)$/.exec(predicate.trim()) ?? [];
  const matcher = positive(operator, operand);
  return negated === undefined || matcher === undefined ? matcher : { not: matcher };
}

function positive(operator: string, operand: string): Matcher | undefined {
  const value = operandOf(operand);
  switch (operator) {
    case "==":
      return value as Matcher;
    case "!=":
      return value === undefined ? undefined : { not: value };
    case ">=":
      return typeof value === "number" ? { min: value } : undefined;
    case "<=":
      return typeof value === "number" ? { max: value } : undefined;
    case ">":
      return typeof value === "number" ? { min: value, not: value } : undefined;
    case "<":
      return typeof value === "number" ? { max: value, not: value } : undefined;
    case "contains":
    case "includes":
      return value === undefined ? undefined : { contains: value };
    case "startsWith":
      return typeof value === "string" ? { startsWith: value } : undefined;
    case "matches":
      return typeof value === "string" ? { matches: value } : undefined;
    case "exists":
      return { exists: true };
    case "isEmpty":
      return { length: 0 };
    case "isInteger":
    case "isString":
    case "isBoolean":
    case "isNumber":
      return { type: operator.slice(2).toLowerCase() as "integer" | "string" | "boolean" | "number" };
    case "isCollection":
    case "isList":
      return { type: "array" };
    default:
      return undefined;
  }
}

/** A quoted text, a number, a word of JSON, or a pattern between slashes. */
function operandOf(text: string): unknown {
  const [, pattern] = /^\/(.*)\/$/.exec(text) ?? [];
  if (pattern !== undefined) return pattern;
  try {
    return JSON.parse(text);
  } catch {
    // Not a value of JSON: the assert is reported as not understood.
    return undefined;
  }
}

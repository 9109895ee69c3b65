import type { Matcher } from "../definition/common.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import { bothMatchers, type Draft } from "./imported.ts";

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
  if (query === "certificate") return "certificates have a check of their own: kind tls, with validFor";
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
    case "jsonpath": {
      const both = bothMatchers(expect.json?.[name ?? "$"], value);
      if (both === undefined) return `${name ?? "$"} has one test of this sort already`;
      expect.json = { ...expect.json, [name ?? "$"]: both };
      return undefined;
    }
    case "header": {
      const both = bothMatchers(expect.headers?.[name ?? ""], value);
      if (both === undefined) return `the header ${name} has one test of this sort already`;
      expect.headers = { ...expect.headers, [name ?? ""]: both };
      return undefined;
    }
    case "body": {
      const both = bothMatchers(expect.text, value);
      if (both === undefined) return "the body has one test of this sort already: take a pattern for both";
      expect.text = both;
      return undefined;
    }
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

function matcherOf(predicate: string): Matcher | undefined {
  const [, negated, operator = "", operand = ""] =
    /^(not\s+)?(==|!=|>=|<=|>|<|\w+)\s*(.*)$/.exec(predicate.trim()) ?? [];
  // What is not there matches nothing, not even the opposite of something.
  if (operator === "exists") return { exists: negated === undefined };
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

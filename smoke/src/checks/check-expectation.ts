import type { Matcher } from "../definition/common.ts";
import { durationMs } from "../definition/duration.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import { parseJsonPath } from "./json-path.ts";
import { isOperators, operatorNames } from "./matcher-operators.ts";

const typeNames = ["string", "number", "integer", "boolean", "array", "object", "null"];

/**
 * Finds mistakes in an expectation before anything is asked: a JSON path or a pattern that cannot be
 * read, a misspelt operator.
 *
 * @throws {CheckFailure} of class `configuration`, or the error of the path or pattern.
 */
export function checkExpectation(expect: HttpExpectation): void {
  checkMatchers(expect.json ?? {});
  for (const [name, matcher] of Object.entries(expect.headers ?? {})) checkMatcher(matcher, `header ${name}`);
  if (expect.text !== undefined) checkMatcher(expect.text, "text");
  if (expect.redirect !== undefined) checkMatcher(expect.redirect, "redirect");
  if (expect.within !== undefined) durationMs(expect.within);
  if (typeof expect.health === "object" && expect.health.path !== undefined)
    parseJsonPath(expect.health.path);
}

/** Checks matchers by JSON path. */
export function checkMatchers(matchers: Readonly<Record<string, Matcher>>): void {
  for (const [path, matcher] of Object.entries(matchers)) {
    parseJsonPath(path);
    checkMatcher(matcher, path);
  }
}

/** Checks one matcher; `what` names it in the message. */
export function checkMatcher(matcher: unknown, what: string): void {
  if (typeof matcher !== "object" || matcher === null || Array.isArray(matcher)) return;
  if (!isOperators(matcher)) {
    const mixed = Object.keys(matcher).find((key) => (operatorNames as readonly string[]).includes(key));
    if (mixed === undefined) return;
    throw wrong(
      `${what} mixes the operator ${mixed} with other keys: is one misspelt? A value goes under equals`,
    );
  }
  const { oneOf, startsWith, matches, exists, type, min, max, not, length } = matcher;
  if (oneOf !== undefined && (!Array.isArray(oneOf) || oneOf.length === 0))
    throw wrong(`${what}: oneOf takes a list`);
  if (startsWith !== undefined && typeof startsWith !== "string")
    throw wrong(`${what}: startsWith takes a text`);
  if (exists !== undefined && typeof exists !== "boolean") throw wrong(`${what}: exists takes true or false`);
  if (type !== undefined && !typeNames.includes(type))
    throw wrong(`${what}: type is one of ${typeNames.join(", ")}`);
  for (const bound of [min, max]) {
    if (bound !== undefined && typeof bound !== "number") throw wrong(`${what}: min and max take numbers`);
  }
  if (matches !== undefined) {
    if (typeof matches !== "string") throw wrong(`${what}: matches takes a regular expression as a text`);
    new RegExp(matches, "u");
  }
  if (not !== undefined) checkMatcher(not, what);
  if (length !== undefined) checkMatcher(length, what);
}

function wrong(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}

import { describe, expect, test } from "vitest";
import type { Matcher } from "../definition/common.ts";
import { checkMatcher } from "./check-expectation.ts";
import { matcherText, matches } from "./matcher.ts";

const found = (value: unknown) => ({ found: true, value }) as const;

describe("a matcher", () => {
  test.each<[unknown, Matcher, boolean]>([
    ["ok", "ok", true],
    ["ok", "OK", false],
    [3, 3, true],
    ["3", 3, false],
    [null, null, true],
    [[1, { a: 2 }], [1, { a: 2 }], true],
    [[1, { a: 2 }], [1, { a: 2, b: 3 }], false],
    [{ a: 1, b: 2 }, { equals: { b: 2, a: 1 } }, true],
    [3, { min: 1, max: 3 }, true],
    [4, { min: 1, max: 3 }, false],
    ["5", { min: 1 }, false],
    [Number.NaN, { min: 0 }, false],
    ["1.2.0", { startsWith: "1." }, true],
    ["1.2.0", { matches: "^\\d+\\.\\d+\\.\\d+$" }, true],
    [["a", "b"], { contains: "b" }, true],
    ["abc", { contains: "bc" }, true],
    [12, { contains: "1" }, false],
    ["b", { oneOf: ["a", "b"] }, true],
    [3, { type: "integer" }, true],
    [3.5, { type: "integer" }, false],
    [null, { type: "object" }, false],
    [[1, 2], { length: 2 }, true],
    [[1, 2], { length: { min: 3 } }, false],
    ["x", { not: { oneOf: ["x", "y"] } }, false],
    ["x", { exists: true }, true],
    ["x", { exists: false }, false],
  ])("%j against %j gives %s", (value, matcher, expected) => {
    expect(matches(found(value), matcher)).toBe(expected);
  });

  test("holds for nothing only when it says so", () => {
    const nothing = { found: false } as const;
    expect(matches(nothing, { exists: false })).toBe(true);
    for (const matcher of [null, { exists: true }, { not: "x" }, { oneOf: [null] }]) {
      expect(matches(nothing, matcher)).toBe(false);
    }
  });

  test("is written in words", () => {
    expect(matcherText({ min: 1, max: 3 })).toBe(">= 1 and <= 3");
    expect(matcherText({ not: { oneOf: ["a", 1] } })).toBe('not one of "a", 1');
    expect(matcherText({ length: { min: 1 } })).toBe("length >= 1");
  });

  test.each<[unknown, string]>([
    [{ min: 1, mxa: 2 }, "mixes the operator min with other keys"],
    [{ type: "text" }, "type is one of"],
    [{ min: "1" }, "min and max take numbers"],
    [{ oneOf: [] }, "oneOf takes a list"],
    [{ matches: "(" }, "Invalid regular expression"],
    [{ length: { mni: 1, min: 2 } }, "mixes"],
  ])("%j is refused before anything is asked", (matcher, message) => {
    expect(() => checkMatcher(matcher, "$.a")).toThrow(message);
  });
});

test("not there is not the same as not this: only a test of being there holds for it", () => {
  expect(matches({ found: false }, { not: "x" })).toBe(false);
  expect(matches({ found: false }, { not: { exists: true } })).toBe(true);
  expect(matches({ found: true, value: 1 }, { not: { exists: true } })).toBe(false);
});

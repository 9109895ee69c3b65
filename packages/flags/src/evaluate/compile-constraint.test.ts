import { expect, test } from "vitest";
import { compileConstraint } from "./compile-constraint.ts";
import { compilePattern } from "./compile-pattern.ts";

const holds = (operator: string, values: string[], found: unknown, inverted = false) =>
  compileConstraint({ attribute: "x", operator, values, inverted })({ x: found }, () => 0);

test.each([
  ["NUM_EQ", ["1e3"], "1000", true],
  ["NUM_GT", ["1"], "", false],
  ["NUM_LT", ["1"], " ", false],
  ["NUM_LT", ["1"], "NaN", false],
  ["NUM_GTE", ["1"], 1, true],
  ["SEMVER_GT", ["1.0.0"], "1.0.0+build", false],
  ["SEMVER_EQ", ["1.0.0"], "1.0.0+build", true],
  ["SEMVER_LT", ["1.0.0-beta.11"], "1.0.0-beta.2", true],
  ["SEMVER_LT", ["1.0.0-rc.1"], "1.0.0-beta.99999999999999999999999", true],
  ["SEMVER_GT", ["1.0.0-alpha.1"], "1.0.0-alpha.beta", true],
  ["SEMVER_GT", ["9.0.0"], "10.0.0", true],
  ["SEMVER_GT", ["1.0"], "2.0.0", false],
  ["SEMVER_GT", ["1.0.0"], "02.0.0", false],
  ["IN_CIDR", ["10.0.0.0/9"], "10.127.0.1", true],
  ["IN_CIDR", ["10.0.0.0/9"], "10.128.0.1", false],
  ["IN_CIDR", ["10.0.0.0/33"], "10.0.0.1", false],
  ["IN_CIDR", ["10.0.0.0/8/8"], "10.0.0.1", false],
  ["IN_CIDR", ["0.0.0.0/0"], "::1", false],
  ["IN_CIDR", ["10.0.0.0/8"], "::ffff:10.1.2.3", true],
  ["IN_CIDR", ["2001:db8::/32"], "2001:DB8::1", true],
  ["IN_CIDR", ["::/0"], "1::2::3", false],
  ["IN_CIDR", ["::/0"], "1:2:3:4:5:6:7:8:9", false],
  ["IN_CIDR", ["::/0"], "010.0.0.1", false],
  ["DATE_AFTER", ["2027-01-01T00:00:00Z"], new Date("2027-01-01T00:00:00.001Z"), true],
  ["DATE_AFTER", ["2027-01-01T00:00:00Z"], "no date", false],
  ["DATE_AFTER", ["no date"], "2027-01-01T00:00:00Z", false],
  ["IN", ["true"], true, true],
  ["IN", ["x"], ["x"], false],
])("%s %j of %j is %s", (operator, values, found, expected) => {
  expect(holds(operator, values, found)).toBe(expected);
});

test("what cannot be judged does not match when it is inverted either", () => {
  expect(holds("NUM_EQ", ["many"], 1, true)).toBe(false);
  expect(holds("SEMVER_EQ", ["v1"], "1.0.0", true)).toBe(false);
  expect(holds("REGEX", ["("], "a", true)).toBe(false);
  expect(holds("DATE_AFTER", ["2027-01-01T00:00:00Z"], "no date", true)).toBe(false);
});

test("the clock is the current time where the context has none", () => {
  const after = compileConstraint({
    attribute: "currentTime",
    operator: "DATE_AFTER",
    values: ["2027-01-01T00:00:00Z"],
  });
  expect(after({}, () => Date.parse("2027-01-02T00:00:00Z"))).toBe(true);
  expect(after({ currentTime: "2026-01-02T00:00:00Z" }, () => Date.parse("2027-01-02T00:00:00Z"))).toBe(
    false,
  );
});

test.each([
  "(a+)+$",
  "(a*)*",
  "((a|b)c*)+",
  "(a|aa)+$",
  "([a-z]+)*x",
  "(a+){2,}",
  "(?:x|x)*",
  "(?<=a)b",
  "(?!a)b",
  "(a)\\1",
])("the pattern %s, which could block a process or is not RE2, is refused", (pattern) =>
  expect(compilePattern(pattern, false)).toBeNull(),
);

test.each(["^(ab)?c$", "^[^@]+@[^@]+$", "a{2,4}", "^(foo|bar)$", "(a.c)+", "\\(x+\\)+", "[(+]+"])(
  "the pattern %s is taken",
  (pattern) => expect(compilePattern(pattern, false)).toBeInstanceOf(RegExp),
);

test("an attribute of any length is answered at once", () => {
  expect(holds("REGEX", ["^a.*b.*c.*d$"], "a".repeat(1_000_000))).toBe(false);
});

import { createRedactor } from "@slipway/kernel";
import { expect, test } from "vitest";
import type { Database } from "./database.ts";
import { recordableText, recordableValue } from "./recordable.ts";

const plain = {} as Database;
const knowing = { redactor: createRedactor(["hunter22"]) } as unknown as Database;

test("secrets by shape are masked, also without a redactor of the connection", () => {
  expect(recordableText(plain, "postgres://ann:pa55word@db/shop failed")).toBe(
    "postgres://ann:[redacted]@db/shop failed",
  );
});

test("secrets that the connection knows are masked at every depth, in keys too", () => {
  const value = { a: ["x hunter22", { b: "hunter22" }], hunter22: 1 };
  expect(recordableValue(knowing, value)).toEqual({
    a: ["x [redacted]", { b: "[redacted]" }],
    "[redacted]": 1,
  });
});

test("what Postgres cannot hold is replaced, so that the event is not lost", () => {
  expect(recordableText(plain, "a\0b \ud800 c")).toBe("a\uFFFDb \uFFFD c");
  expect(recordableText(plain, "🚢")).toBe("🚢");
});

test("members without a value are left out", () => {
  expect(recordableValue(plain, { a: undefined, b: null })).toEqual({ b: null });
});

test("a member called __proto__ stays a member", () => {
  expect(JSON.stringify(recordableValue(plain, JSON.parse('{"__proto__":{"a":1}}')))).toBe(
    '{"__proto__":{"a":1}}',
  );
});

test("fractions, infinities and big numbers are refused", () => {
  for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, [1, [1.5]], { a: { b: 0.1 } }]) {
    expect(() => recordableValue(plain, value)).toThrow(TypeError);
  }
  expect(recordableValue(plain, [0, -1, Number.MAX_SAFE_INTEGER])).toEqual([0, -1, Number.MAX_SAFE_INTEGER]);
});

test("what JSON cannot carry is refused", () => {
  for (const value of [() => 1, Symbol("x"), 1n, undefined]) {
    expect(() => recordableValue(plain, [value])).toThrow(TypeError);
  }
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, compareCodePoints } from "./canonical-json.ts";

test("keys are sorted and undefined members left out", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: undefined, A: true })).toBe(
    '{"A":true,"b":[1,{"c":"x","d":null}]}',
  );
});

test("keys are ordered by code point, where UTF-16 order differs", () => {
  const astral = "\u{10000}";
  const high = "\uffee";
  expect([astral, high].sort(compareCodePoints)).toEqual([high, astral]);
  expect([astral, high].sort()).toEqual([astral, high]);
});

test("what JSON cannot carry is refused", () => {
  expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
  expect(() => canonicalJson([() => 1])).toThrow("Cannot write a function as canonical JSON");
  expect(() => canonicalJson(10n)).toThrow(TypeError);
});

test("any JSON value survives, and the order in which its keys were made does not matter", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

import { expect, test } from "vitest";
import {
  containsSecret,
  containsUnknown,
  reveal,
  secret,
  secretTexts,
  UNKNOWN,
  withoutNulls,
} from "./property-value.ts";

const inputs = {
  create: "echo",
  environment: { TOKEN: secret("s3cret"), PORT: "80" },
  list: [secret({ inner: [secret("twice"), 42] }), "plain"],
};

test("secrets are found and opened wherever they are", () => {
  expect(containsSecret(inputs)).toBe(true);
  expect(containsSecret(inputs.create)).toBe(false);
  expect(reveal(inputs)).toEqual({
    create: "echo",
    environment: { TOKEN: "s3cret", PORT: "80" },
    list: [{ inner: ["twice", 42] }, "plain"],
  });
});

test("the texts and numbers inside secrets are listed, and nothing beside them", () => {
  expect(secretTexts(inputs)).toEqual(["s3cret", "twice", "42"]);
  expect(secretTexts(secret(UNKNOWN))).toEqual([]);
});

test("a value is wrapped as a secret once", () => {
  expect(secret(secret("a"))).toEqual(secret("a"));
});

test("an unknown value of every type is recognised, inside secrets too", () => {
  expect(containsUnknown({ a: [secret(UNKNOWN)] })).toBe(true);
  expect(containsUnknown(["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"])).toBe(true);
  expect(containsUnknown({ a: "known" })).toBe(false);
});

test("null members are left out, in nested objects too, but not out of lists", () => {
  expect(withoutNulls({ a: null, b: { c: undefined, d: 1 }, e: [null, 2] })).toEqual({
    b: { d: 1 },
    e: [null, 2],
  });
});

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf, isDigest, sha256 } from "./digest.ts";

test("sha256 of any text and any bytes is what Node's crypto says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.uint8Array(), (text, bytes) => {
      expect(sha256(text)).toBe(createHash("sha256").update(text, "utf8").digest("hex"));
      expect(sha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
    }),
  );
});

test("a digest is recognised by its form, and nothing else is", () => {
  expect(isDigest(digestOf({ a: 1 }))).toBe(true);
  for (const text of [
    "latest",
    "sha256:abc",
    `sha256:${"A".repeat(64)}`,
    `${digestOf(1)}\n`,
    `x${digestOf(1)}`,
  ]) {
    expect(isDigest(text)).toBe(false);
  }
});

import { expect, test } from "vitest";
import { describeDifference, diffFingerprints } from "./diff-fingerprints.ts";
import type { Fingerprint } from "./fingerprint.ts";

const print = (objects: Record<string, string>, columnOrder: Record<string, string> = {}): Fingerprint => ({
  hash: JSON.stringify(objects),
  objects: Object.entries(objects).map(([name, hash]) => ({
    kind: "table",
    name,
    hash,
    definition: `def ${hash}`,
  })),
  columnOrder,
});

test("differences are named in the order of their names, with what was and is", () => {
  const { differences } = diffFingerprints(
    print({ b: "1", c: "1", same: "1" }),
    print({ a: "1", c: "2", same: "1" }),
  );
  expect(differences).toEqual([
    { change: "added", kind: "table", name: "a", after: "def 1" },
    { change: "removed", kind: "table", name: "b", before: "def 1" },
    { change: "changed", kind: "table", name: "c", before: "def 1", after: "def 2" },
  ]);
  expect(differences.map(describeDifference)).toEqual([
    "table a is left over",
    "table b is gone",
    "table c is different",
  ]);
});

test("the same columns in another order are told apart from other columns", () => {
  const before = print({}, { t: "a, b", u: "a", v: "a" });
  const after = print({}, { t: "b, a", u: "a, b", v: "a" });
  expect(diffFingerprints(before, after)).toEqual({ differences: [], reordered: ["t"] });
});

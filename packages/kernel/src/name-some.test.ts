import { expect, test } from "vitest";
import { nameSome } from "./name-some.ts";

test("all are named while they are few, and the rest is counted when they are many", () => {
  expect(nameSome([], 2)).toBe("");
  expect(nameSome(["a", "b"], 2)).toBe("a, b");
  expect(nameSome(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
  expect(nameSome([1, Number.NaN], 1)).toBe("1 and 1 more");
});

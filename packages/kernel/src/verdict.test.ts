import { expect, test } from "vitest";
import { combineVerdicts } from "./verdict.ts";

test("nothing at all is no-data, never a pass", () => {
  expect(combineVerdicts([])).toBe("no-data");
});

test("the gravest verdict wins, and only passes make a pass", () => {
  expect(combineVerdicts(["pass", "pass"])).toBe("pass");
  expect(combineVerdicts(["pass", "inconclusive"])).toBe("inconclusive");
  expect(combineVerdicts(["no-data", "inconclusive", "pass"])).toBe("no-data");
  expect(combineVerdicts(["fail", "no-data"])).toBe("fail");
  expect(combineVerdicts(["error", "fail", "pass"])).toBe("error");
});

import { expect, test } from "vitest";
import { closestWord } from "./closest-word.ts";

test("a slip of the keyboard is understood, whatever its case", () => {
  expect(closestWord("relaese", ["release", "target"])).toBe("release");
  expect(closestWord("PORT", ["port"])).toBe("port");
});

test("a word that resembles none is not explained away", () => {
  expect(closestWord("kubernetes", ["port", "release"])).toBeNull();
  expect(closestWord("x", [])).toBeNull();
});

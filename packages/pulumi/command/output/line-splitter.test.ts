import { expect, test } from "vitest";
import { createLineSplitter, LONGEST_LINE } from "./line-splitter.ts";

function lines(...chunks: (string | Buffer)[]): string[] {
  const seen: string[] = [];
  const splitter = createLineSplitter((line) => seen.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as Buffer));
  splitter.end();
  return seen;
}

test("lines are put together across chunks; the last one needs no line break", () => {
  expect(lines("a\nb", "c\r\n\nd")).toEqual(["a", "bc", "", "d"]);
  expect(lines("a\n")).toEqual(["a"]);
});

test("a character that is split between chunks stays whole", () => {
  const [first, second] = [Buffer.from("é\n").subarray(0, 1), Buffer.from("é\n").subarray(1)];
  expect(lines(first, second)).toEqual(["é"]);
});

test("a line of a megabyte is cut, and says how much is missing", () => {
  const [line] = lines("x".repeat(500_000), "x".repeat(500_000), "\n");
  expect(line).toBe(`${"x".repeat(LONGEST_LINE)}… (${1_000_000 - LONGEST_LINE} more characters)`);
});

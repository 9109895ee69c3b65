import { expect, test } from "vitest";
import { renderTable } from "./render-table.ts";

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

test("columns are as wide as their widest cell, and no line ends in spaces", () => {
  expect(
    renderTable(
      ["run", "why"],
      [
        ["1", "because"],
        ["1000", ""],
      ],
    ),
  ).toBe("run   why\n----  -------\n1     because\n1000");
});

test("a table without rows is its header", () => {
  expect(renderTable(["a", "bc"], [])).toBe("a  bc\n-  --");
});

test("the widest column is cut to 100 columns, and the others are left alone", () => {
  const text = renderTable(["release", "why"], [["1.0.0", "x".repeat(300)]]);
  expect(widest(text)).toBe(100);
  expect(text.split("\n")[2]).toBe(`1.0.0    ${"x".repeat(90)}…`);
});

test("two wide columns share what there is", () => {
  const text = renderTable(["id", "by", "why"], [["1", "a".repeat(80), "b".repeat(90)]]);
  expect(widest(text)).toBe(100);
  const [, by = "", why = ""] = text.split("\n")[2]?.split("  ") ?? [];
  expect(Math.abs(by.length - why.length)).toBeLessThanOrEqual(1);
});

test("more columns than fit are cut as far as they can be", () => {
  const cells = Array.from({ length: 20 }, () => "x".repeat(40));
  expect(widest(renderTable(cells, [cells]))).toBe(20 * 8 + 19 * 2);
});

import { expect, test } from "vitest";
import { benchRow, inTurn, renderBench, spreadOf } from "./table.ts";

test("the median of an even number of samples lies between the middle two", () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 });
  expect(spreadOf([5, 1, 3])).toEqual({ min: 1, median: 3, max: 5 });
});

test("nothing measured is an error, not a zero", () => {
  expect(() => spreadOf([])).toThrow("nothing was measured");
});

test("both sides are measured in turn, and the first pair does not count", async () => {
  const order: string[] = [];
  const samples = await inTurn(
    2,
    async () => order.push("ours"),
    async () => order.push("peer"),
  );
  expect(order).toEqual(["ours", "peer", "ours", "peer", "ours", "peer"]);
  expect(samples.ours).toHaveLength(2);
});

test("the table says whether a budget is kept", () => {
  const kept = benchRow("a", [100], { name: "peer", samples: [100] }, 1.1);
  const missed = benchRow("b", [300], { name: "peer", samples: [100] }, 1.1);
  const seen = benchRow("c", [300], { name: "peer", samples: [100] }, null);
  const lines = renderBench([kept, missed, seen]).split("\n");
  expect(lines[1]).toMatch(/1\.00 +<= 1\.1 +kept$/);
  expect(lines[2]).toMatch(/3\.00 +<= 1\.1 +MISSED$/);
  expect(lines[3]).toMatch(/3\.00 +-$/);
});

import { expect, test } from "vitest";
import { addCounts, closingLine, unacceptableSkips } from "./test-counts.ts";

const none = { passed: 0, failed: 0, errors: 0, skipped: [] };

test("the closing line sums two runs, and errors outside of tests count as failed", () => {
  const sum = addCounts({ ...none, passed: 2, failed: 1 }, { ...none, passed: 3, errors: 1 });
  expect(closingLine(sum)).toBe("5 passed, 2 failed");
});

test("the closing line names skipped tests only when there are some", () => {
  const skipped = [{ name: "a", reason: "needs a terminal" }];
  expect(closingLine({ ...none, passed: 1, skipped })).toBe("1 passed, 0 failed, 1 skipped");
});

test("a skip without a reason, or for want of a component, is not acceptable", () => {
  const skipped = [
    { name: "a", reason: "needs a terminal" },
    { name: "b", reason: null },
    { name: "c", reason: "missing component: openssh-server (no apt-get here)" },
  ];
  expect(unacceptableSkips({ ...none, skipped }).map(({ name }) => name)).toEqual(["b", "c"]);
});

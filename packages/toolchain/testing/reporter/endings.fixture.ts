import { describe, expect, test } from "vitest";

test("passes", () => expect(1).toBe(1));
test("fails", () => expect(1).toBe(2));
test.skip("is skipped without a reason", () => undefined);
test("is skipped with a reason", ({ skip }) => skip("missing component: hello (no apt-get here)"));
describe("a group", () => {
  test("passes too", () => expect(1).toBe(1));
});

import { expect, test } from "vitest";
import { age } from "./age.ts";

const now = Date.parse("2026-01-10T12:00:00Z");

test.each([
  ["2026-01-10T11:59:30Z", "just now"],
  ["2026-01-10T11:59:00Z", "1 minute ago"],
  ["2026-01-10T11:01:00Z", "59 minutes ago"],
  ["2026-01-10T10:30:00Z", "1 hour ago"],
  ["2026-01-09T13:00:00Z", "23 hours ago"],
  ["2026-01-09T12:00:00Z", "1 day ago"],
  ["2025-12-01T12:00:00Z", "40 days ago"],
])("%s is %s", (iso, text) => {
  expect(age(iso, now)).toBe(text);
});

test("a clock that is behind the database's makes nothing come from the future", () => {
  expect(age("2026-01-10T12:05:00Z", now)).toBe("just now");
});

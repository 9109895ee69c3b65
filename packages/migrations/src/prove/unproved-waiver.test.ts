import { expect, test } from "vitest";
import { unprovedWaiver, waiverCounts } from "./unproved-waiver.ts";

const of = (down: string | null) => unprovedWaiver({ id: "1_a", down });

test("a waiver has a date and a reason", () => {
  expect(
    of("-- slipway: allow unproved until 2026-12-31 because the extension is not to be had here\nselect 1"),
  ).toEqual({
    until: "2026-12-31",
    reason: "the extension is not to be had here",
  });
  expect(of("drop table t;\n--slipway:allow unproved until 2026-01-02 because x")).toEqual({
    until: "2026-01-02",
    reason: "x",
  });
  expect(of("drop table t")).toBe(null);
  expect(of(null)).toBe(null);
});

test.each([
  "allow unproved",
  "allow unproved until 2026-12-31",
  "allow unproved until soon because x",
  "allow unproved until 2026-13-41 because x",
])("a waiver without one of them is refused: %s", (words) => {
  expect(() => of(`-- slipway: ${words}`)).toThrow("has no date or no reason");
});

test("it counts until the end of its day", () => {
  const waiver = { until: "2026-03-01", reason: "x" };
  expect(waiverCounts(waiver, new Date("2026-03-01T23:59:59Z"))).toBe(true);
  expect(waiverCounts(waiver, new Date("2026-03-02T00:00:00Z"))).toBe(false);
});

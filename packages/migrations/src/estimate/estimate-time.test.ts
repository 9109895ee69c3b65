import type { MigrationDuration } from "@slipway/ledger";
import { expect, test } from "vitest";
import { type EstimateInput, estimateTime } from "./estimate-time.ts";

const AT = "2026-01-01T00:00:00Z";
const MB = 1024 ** 2;
const ran = (change: Partial<MigrationDuration> = {}): MigrationDuration => ({
  migration: "2_type",
  direction: "up",
  sha256: "a",
  milliseconds: 2_000,
  tables: [{ name: "orders", rows: 1_000, bytes: 10 * MB }],
  at: AT,
  ...change,
});
const input = (change: Partial<EstimateInput> = {}): EstimateInput => ({
  id: "2_type",
  direction: "up",
  sha256: "a",
  effects: { work: [{ table: "orders", work: "rewrite" }], opaque: false },
  sizes: [{ name: "orders", rows: 3_000, bytes: 30 * MB }],
  sources: [{ environment: "staging", durations: [ran()] }],
  ...change,
});

test("work on rows takes as much longer as its tables are larger", () => {
  expect(estimateTime(input())).toEqual({
    milliseconds: 6_000,
    unknown: null,
    from: { environment: "staging", at: AT, milliseconds: 2_000, bytes: 10 * MB },
    factor: 3,
  });
});

test("a change of the catalog takes what it took, whatever the size of its tables", () => {
  const effects = { work: [], opaque: false };
  expect(estimateTime(input({ effects, sizes: null }))).toMatchObject({ milliseconds: 2_000, factor: null });
});

test("the first source that knows the same SQL is taken; another text or the other direction is not it", () => {
  const here = {
    environment: "dev",
    durations: [ran({ sha256: "b" }), ran({ direction: "down", milliseconds: 1 })],
  };
  const [staging] = input().sources;
  expect(estimateTime(input({ sources: [here, staging!] })).from?.environment).toBe("staging");
  const own = { environment: "dev", durations: [ran({ milliseconds: 7 })] };
  expect(estimateTime(input({ sources: [own, staging!] })).from?.environment).toBe("dev");
  expect(estimateTime(input({ sources: [here] }))).toEqual({
    milliseconds: null,
    unknown: "never ran anywhere that is known",
    from: null,
    factor: null,
  });
});

test.each<[string, Partial<EstimateInput>, RegExp]>([
  ["sizes that could not be read", { sizes: null }, /could not be read here/],
  ["a table that is not there yet", { sizes: [] }, /is there yet/],
  [
    "a table that the statement does not name",
    { effects: { work: [{ table: null, work: "build" }], opaque: false } },
    /known size there/,
  ],
  [
    "code that cannot be looked into",
    { effects: { work: [], opaque: true } },
    /code that cannot be looked into/,
  ],
  [
    "a table that the run did not know",
    { sources: [{ environment: "staging", durations: [ran({ tables: [] })] }] },
    /known size there/,
  ],
  [
    "an empty table there",
    {
      sources: [
        { environment: "staging", durations: [ran({ tables: [{ name: "orders", rows: 0, bytes: 0 }] })] },
      ],
    },
    /were empty there/,
  ],
  [
    "a table that was too small there",
    { sizes: [{ name: "orders", rows: null, bytes: 2_000 * MB }] },
    /too small/,
  ],
])("%s gives no number, and the run that was found is named", (_, change, why) => {
  const { milliseconds, unknown, from } = estimateTime(input(change));
  expect({ milliseconds, from: from?.environment }).toEqual({ milliseconds: null, from: "staging" });
  expect(unknown).toMatch(why);
});

test("an empty table that is empty here too takes what it took", () => {
  const tables = [{ name: "orders", rows: 0, bytes: 0 }];
  const sources = [{ environment: "staging", durations: [ran({ tables })] }];
  expect(estimateTime(input({ sources, sizes: tables }))).toMatchObject({ milliseconds: 2_000, factor: 1 });
});

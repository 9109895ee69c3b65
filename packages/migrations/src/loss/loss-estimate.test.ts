import { renderError } from "@slipway/kernel";
import { expect, test } from "vitest";
import { describeLoss, type LossEstimate, type LossItem, refuseLoss } from "./loss-estimate.ts";

const item = (change: Partial<LossItem>): LossItem => ({
  what: "table",
  name: "orders",
  rows: 1204,
  atLeast: false,
  writtenSince: null,
  place: "rollbacks/2_b.sql:1:1",
  ...change,
});

test.each<[Partial<LossItem>, string]>([
  [{}, "table orders (1,204 rows)"],
  [{ rows: 1 }, "table orders (1 row)"],
  [{ writtenSince: 1204 }, "table orders (1,204 rows, all written since)"],
  [{ what: "column", rows: 1, writtenSince: 1 }, "column orders (1 value, written since)"],
  [{ rows: 1_000_000, atLeast: true }, "table orders (at least 1,000,000 rows)"],
  [{ what: "column", name: "orders.note", rows: 31 }, "column orders.note (31 values)"],
  [{ what: "values", name: "orders.at", rows: 2 }, "the type of column orders.at (2 values may change)"],
  [{ what: "rows", rows: 1204 }, "all rows of orders (1,204)"],
  [{ what: "rows", rows: null }, "rows of orders, how many is unknown (rollbacks/2_b.sql:1:1)"],
  [{ what: "sequence", name: "q", rows: null }, "the value of sequence q"],
  [
    { what: "unknown", name: "a DO block can do anything", rows: null },
    "what nobody can tell beforehand: a DO block can do anything (rollbacks/2_b.sql:1:1)",
  ],
])("an item is told in words: %o", (change, words) => {
  expect(describeLoss(item(change))).toBe(words);
});

const lossy = (id: string, ...items: LossItem[]): LossEstimate => ({ id, kind: "lossy", items });

test("nothing at stake, or permission for all that is, is no refusal", () => {
  expect(refuseLoss([lossy("2_b"), { id: "1_a", kind: "lossless", items: [] }], [])).toBeNull();
  expect(refuseLoss([lossy("2_b", item({}))], ["2_b"])).toBeNull();
  expect(refuseLoss([], [])).toBeNull();
});

test("a refusal names every migration that needs permission, with what it costs", () => {
  const estimates = [
    lossy("3_c", item({ writtenSince: 1204 }), item({ name: "users", rows: 2 })),
    lossy("2_b", item({ rows: 7 })),
    lossy("1_a"),
  ];
  expect(renderError(refuseLoss(estimates, ["2_b"])!)).toBe(
    [
      'ROLLBACK_LOSES_DATA: Cannot undo migration "3_c": data would be lost',
      "    3_c: table orders (1,204 rows, all written since); table users (2 rows); how much of it was written since the migration is not known",
      "  do:   List 3_c in slipway:allowDataLoss (what is dropped is saved to slipway_saved first), or roll forward",
      "  more: slipway explain ROLLBACK_LOSES_DATA",
    ].join("\n"),
  );
  expect(refuseLoss(estimates, [])?.what).toBe('Cannot undo migrations "3_c", "2_b"');
});

test("permission does not make an irreversible migration reversible", () => {
  const estimates: LossEstimate[] = [{ id: "1_a", kind: "irreversible", items: [] }];
  const refusal = refuseLoss(estimates, ["1_a"]);
  expect([refusal?.code, refusal?.why]).toEqual([
    "ROLLBACK_IRREVERSIBLE",
    "it was released as irreversible, without rollback SQL",
  ]);
  expect(refusal?.todo).toBe(
    'Roll forward: correct it in a new release, slipway cut and slipway up; until then, no flag of these releases turns it off; or hold: leave the pin at a release that has "1_a"',
  );
});

test("an irreversible one names the flags that turn off what came with it, with the command", () => {
  const estimates: LossEstimate[] = ["2_b", "1_a"].map((id) => ({ id, kind: "irreversible", items: [] }));
  const flags = ["checkout", "notes", "search", "export"];
  const refusal = refuseLoss(estimates, [], { flags, environment: "production" });
  expect(refusal?.why).toBe("they were released as irreversible, without rollback SQL");
  expect(refusal?.todo).toContain(
    "turn off what came with it now: slipway flag kill checkout --env production --reason <why>, ",
  );
  expect(refusal?.todo).toContain('and 1 more; or hold: leave the pin at a release that has "2_b"');
});

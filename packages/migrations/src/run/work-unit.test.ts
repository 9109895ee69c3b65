import { expect, test } from "vitest";
import { limitsOf } from "./run-context.ts";
import { batchesOf, batchMessage, callOf, type WorkUnit } from "./work-unit.ts";

const unit = (id: string, change: Partial<WorkUnit> = {}): WorkUnit => ({
  id,
  direction: "up",
  source: { file: `${id}.sql`, text: `select '${id}' -- no line end` },
  execution: { mode: "transaction" },
  timeouts: {},
  opposite: null,
  guard: null,
  worksOn: [],
  record: `select record('${id}')`,
  ...change,
});

test("a message holds a transaction for each migration, and only the last one waits for the disk", () => {
  const message = batchMessage([unit("1_a"), unit("2_b")], {
    token: 7,
    limits: limitsOf({}),
    marker: "slipway x",
  });
  const prologue = `begin;
set local application_name = 'slipway x';
set local lock_timeout = 2000;
set local statement_timeout = 0;
select slipway.fence(7);
`;
  const clean = "reset all;\nreset session authorization;\nreset role;\ndiscard temp;\n";
  expect(message).toBe(
    `${prologue}select '1_a' -- no line end
;
${clean}select record('1_a');
set local synchronous_commit = off;
commit;
${prologue}select '2_b' -- no line end
;
${clean}select record('2_b');
commit;
`,
  );
});

test("batches end at a number of migrations, at a size, and around what is by itself", () => {
  const alone = unit("4_alone", { execution: { mode: "alone", statements: [] } });
  const guarded = unit("5_guarded", { guard: async () => "" });
  const large = unit("7_large", { source: { file: "", text: "x".repeat(500) } });
  const units = [unit("1_a"), unit("2_b"), unit("3_c"), alone, guarded, unit("6_d"), large, unit("8_e")];
  const batches = batchesOf(units, { units: 2, characters: 400 });
  expect(batches.map((batch) => batch.map(({ id }) => id))).toEqual([
    ["1_a", "2_b"],
    ["3_c"],
    ["4_alone"],
    ["5_guarded"],
    ["6_d"],
    ["7_large"],
    ["8_e"],
  ]);
  expect(batchesOf([])).toEqual([]);
});

test("values of a call are literals that no text can leave", () => {
  expect(callOf("f", [1, null, "a", "it's", "back\\slash", "'; drop table t; --"])).toBe(
    "select f(1, null, 'a', 'it''s',  E'back\\\\slash', '''; drop table t; --')",
  );
});

test("limits that are no whole numbers are a mistake of the caller", () => {
  expect(() => limitsOf({ limits: { lockTimeoutMs: -1 } })).toThrow(RangeError);
  expect(() => limitsOf({ limits: { statementTimeoutMs: 0.5 } })).toThrow(RangeError);
});

test("a migration's own timeouts go before those of the run", () => {
  const context = { token: 7, limits: limitsOf({}), marker: "slipway x" };
  const message = batchMessage([unit("1_a", { timeouts: { lockTimeoutMs: 50 } }), unit("2_b")], context);
  expect(message.match(/lock_timeout = \d+/g)).toEqual(["lock_timeout = 50", "lock_timeout = 2000"]);
});

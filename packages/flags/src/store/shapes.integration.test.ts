import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScratchStore, scratchStore } from "../../testing/scratch-store.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";

let store: ScratchStore;
beforeAll(async () => {
  store = await scratchStore();
});
afterAll(() => store.remove());

/** Values that are right, and values that are almost right. */
const text = fc.oneof(
  { weight: 150, arbitrary: fc.constantFrom("a", "userId", "é", "2027-01-31T00:00:00Z") },
  fc.constantFrom<unknown>("", null, 7, [], ["a"], {}, true),
);
const texts = fc.oneof(
  { weight: 150, arbitrary: fc.array(text, { maxLength: 2 }) },
  fc.constantFrom<unknown>("a", null, {}, 3),
);
const rollout = fc.oneof(
  { weight: 150, arbitrary: fc.integer({ min: 0, max: 100 }) },
  fc.constantFrom<unknown>(-1, 101, 1.5, "5", null, [5], 1e300),
);
const yes = fc.oneof({ weight: 150, arbitrary: fc.boolean() }, fc.constantFrom<unknown>("true", 1, null, []));
const list = (each: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 100, arbitrary: fc.array(each, { maxLength: 3 }) },
    fc.constantFrom<unknown>(null, {}, "x", 1),
  );
const some = (members: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(
    { weight: 100, arbitrary: fc.record(members, { requiredKeys: [] }) },
    fc.constantFrom<unknown>([], [{}], null, "x", 1),
  );
const whole = (members: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof({ weight: 100, arbitrary: fc.record(members) }, some(members));
const constraint = whole({
  attribute: text,
  operator: text,
  values: texts,
  inverted: yes,
  caseInsensitive: yes,
});
const variant = whole({
  name: text,
  weight: rollout,
  stickiness: text,
  value: fc.jsonValue(),
  overrides: list(whole({ attribute: text, values: texts })),
});
const moment = fc.oneof(
  fc.constantFrom<unknown>(
    ...Array.from({ length: 40 }, () => "2027-01-31T12:00:00Z"),
    "2027-01-31T12:00Z",
    "2027-01-31T12:00:00.123+02:00",
    "2027-02-30T12:00:00Z",
    "2027-13-01T12:00:00Z",
    "2027-01-31T24:00:00Z",
    "2027-01-31T12:60:00Z",
    "2027-01-31T12:00:60Z",
    "2027-01-31T12:00:00+99:00",
    "2027-01-31",
    "0000-01-01T00:00:00Z",
    "tomorrow",
    null,
    7,
    ["2027-01-31T12:00:00Z"],
  ),
);
const targeting = some({
  rules: list(
    some({
      constraints: list(constraint),
      segments: texts,
      userIds: texts,
      rollout,
      stickiness: text,
      groupId: text,
      variants: list(variant),
    }),
  ),
  variants: list(variant),
  dependencies: list(some({ flag: text, enabled: yes, variants: texts })),
  activeFrom: moment,
  activeUntil: moment,
});

test("whatever the store takes every process can read: one bad row would keep all others from it, kills too", async () => {
  let taken = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(targeting, text, async (candidate, stickiness) => {
      const declaration = { owner: "shop", stickiness, initial: candidate };
      const [row] = await store.db.query<{ problem: string | null; declared: string | null }>(
        "select slipway.targeting_problem($1) as problem, slipway.declaration_problem($2) as declared",
        [JSON.stringify(candidate), JSON.stringify(declaration)],
      );
      if (row!.problem !== null) {
        refused += 1;
        return;
      }
      taken += 1;
      const flag = (declares: unknown, state: object) => ({
        key: "a",
        declaration: declares,
        state: { ...state, enabled: true, killed: false, rollout: 1, version: 1, archived: false },
      });
      parseFlagDocument({
        epoch: "e",
        revision: 1,
        flags: [flag({ owner: "shop" }, candidate as object)],
        segments: [],
      });
      if (row!.declared === null) {
        parseFlagDocument({ epoch: "e", revision: 1, flags: [flag(declaration, {})], segments: [] });
      }
    }),
    { numRuns: 1_500 },
  );
  expect(taken).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
});

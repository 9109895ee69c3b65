import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chains, histories, ids, planned } from "../../testing/generated-chains.ts";
import { planSchema, type SchemaPlan } from "./plan-schema.ts";
import type { PlannedMigration } from "./planned-migration.ts";

/** A list from a word: `E` and `C` are phases, versions count from 1. */
const chain = (phases: string) =>
  [...phases].map((letter, index) => planned(index + 1, letter === "E" ? "expand" : "contract"));

/** The schema after each single step of a plan, the state before it first. */
function statesOf(
  plan: SchemaPlan,
  applied: readonly PlannedMigration[],
  wanted: readonly PlannedMigration[],
): PlannedMigration[][] {
  const states = [[...applied]];
  const now = () => [...states.at(-1)!];
  for (const id of [...plan.undo.contract, ...plan.undo.expand]) {
    const state = now();
    expect(state.pop()?.id).toBe(id);
    states.push(state);
  }
  for (const id of [...plan.apply.expand, ...plan.apply.contract]) {
    const state = now();
    const next = wanted[state.length];
    expect(next?.id).toBe(id);
    states.push([...state, next!]);
  }
  return states;
}

describe("one run", () => {
  test("forward applies expand before contract", () => {
    expect(planSchema(chain("E"), chain("EEEC"))).toEqual({
      common: ["1_m"],
      apply: { expand: ["2_m", "3_m"], contract: ["4_m"] },
      undo: { contract: [], expand: [] },
      blocked: null,
    });
  });

  test("back undoes contract before expand, newest first", () => {
    expect(planSchema(chain("EEECC"), chain("E"))).toEqual({
      common: ["1_m"],
      apply: { expand: [], contract: [] },
      undo: { contract: ["5_m", "4_m"], expand: ["3_m", "2_m"] },
      blocked: null,
    });
  });

  test("to the same release does nothing", () => {
    const plan = planSchema(chain("EC"), chain("EC"));
    expect(plan).toMatchObject({ common: ["1_m", "2_m"], blocked: null });
    expect([plan.apply, plan.undo].flatMap((part) => [...part.expand, ...part.contract])).toEqual([]);
  });

  test("that ends keeps the order of the list at every step, and ends in the wanted list", () => {
    fc.assert(
      fc.property(histories, fc.nat(), fc.nat(), (releases, from, to) => {
        const applied = releases[from % releases.length]!.migrations;
        const wanted = releases[to % releases.length]!.migrations;
        const plan = planSchema(applied, wanted);
        fc.pre(plan.blocked === null);
        expect(statesOf(plan, applied, wanted).at(-1)).toEqual(wanted);
      }),
    );
  });

  test("is refused only where phases and order contradict each other", () => {
    fc.assert(
      fc.property(chains(), fc.nat(), fc.nat(), (whole, from, to) => {
        const applied = whole.slice(0, from % (whole.length + 1));
        const wanted = whole.slice(0, to % (whole.length + 1));
        const way =
          applied.length < wanted.length ? wanted.slice(applied.length) : applied.slice(wanted.length);
        // Both directions read the same in the order of the list: expand first, then contract.
        const phases = way.map(({ phase }) => phase[0]).join("");
        expect(planSchema(applied, wanted).blocked === null).toBe(/^e*c*$/.test(phases));
      }),
    );
  });

  test("killed at any step can be repeated, or taken back, in one run", () => {
    fc.assert(
      fc.property(histories, fc.nat(), fc.nat(), fc.nat(), (releases, from, to, kill) => {
        const applied = releases[from % releases.length]!.migrations;
        const wanted = releases[to % releases.length]!.migrations;
        const plan = planSchema(applied, wanted);
        fc.pre(plan.blocked === null);
        const states = statesOf(plan, applied, wanted);
        const left = states[kill % states.length]!;
        for (const pin of [applied, wanted]) {
          const next = planSchema(left, pin);
          expect(next.blocked).toBeNull();
          expect(statesOf(next, left, pin).at(-1)).toEqual(pin);
        }
      }),
    );
  });
});

describe("a pin too far away", () => {
  test("forward: an expand after a contract needs the release of the contract first", () => {
    expect(planSchema(chain("E"), chain("EECEC")).blocked).toEqual({
      code: "SCHEMA_STEP_BY_STEP",
      why: 'expand migration "4_m" comes after contract migration "3_m", and one run applies expand before contract',
      nextHead: "3_m",
    });
  });

  test("back: a contract older than an expand waits for the next run", () => {
    expect(planSchema(chain("ECEC"), chain("E")).blocked).toEqual({
      code: "SCHEMA_STEP_BY_STEP",
      why: 'contract migration "2_m" has to be undone after expand migration "3_m", and one run undoes contract before expand',
      nextHead: "2_m",
    });
  });

  test("sideways: what the release does not have is undone first", () => {
    const applied = [...chain("E"), planned(2, "expand", "left")];
    const wanted = [...chain("E"), planned(3, "expand", "right")];
    expect(planSchema(applied, wanted).blocked).toEqual({
      code: "SCHEMA_STEP_BY_STEP",
      why: '"2_left" has to be undone before "3_right" can be applied: one run goes forward or back, not both',
      nextHead: "1_m",
    });
  });

  test("the next head can be reached in one run and is nearer, until the pin is reached", () => {
    fc.assert(
      fc.property(chains(20), fc.nat(), fc.nat(), (whole, from, to) => {
        let state = whole.slice(0, from % (whole.length + 1));
        const wanted = whole.slice(0, to % (whole.length + 1));
        for (;;) {
          const { blocked } = planSchema(state, wanted);
          if (blocked === null) return;
          const end = whole.findIndex(({ id }) => id === blocked.nextHead) + 1;
          expect(Math.abs(end - wanted.length)).toBeLessThan(Math.abs(state.length - wanted.length));
          expect(planSchema(state, whole.slice(0, end)).blocked).toBeNull();
          state = whole.slice(0, end);
        }
      }),
    );
  });
});

describe("a release that contradicts what was applied", () => {
  test("an edited migration is refused, whichever of its files was edited", () => {
    const wanted = chain("EE");
    const edited = (change: Partial<PlannedMigration>) => [{ ...wanted[0]!, ...change }, wanted[1]!];
    const block = (applied: PlannedMigration[]) => planSchema(applied, wanted).blocked;
    expect(block(edited({ upSha256: "other" }))).toMatchObject({
      code: "SCHEMA_CHECKSUM_CHANGED",
      why: expect.stringContaining('"1_m" was applied, and the release has changed its SQL since'),
      nextHead: "2_m",
    });
    expect(block(edited({ downSha256: "other" }))?.why).toContain("changed its rollback SQL since");
  });

  test("a ledger may keep the missing rollback of an irreversible migration as an empty text", () => {
    const wanted = [{ ...planned(1, "expand"), downSha256: null }];
    expect(planSchema([{ ...wanted[0]!, downSha256: "" }], wanted).blocked).toBeNull();
  });

  test("a migration older than an applied one is refused, whether the release has that one or not", () => {
    const applied = [planned(1, "expand"), planned(3, "expand")];
    const late = [planned(1, "expand"), planned(2, "expand")];
    for (const wanted of [late, [...late, planned(3, "expand")]]) {
      expect(planSchema(applied, wanted).blocked).toEqual({
        code: "SCHEMA_OUT_OF_ORDER",
        why: 'migration "2_m" is not applied and is older than "3_m", which is',
        nextHead: "1_m",
      });
    }
  });

  test("versions are compared as numbers", () => {
    expect(
      planSchema([planned(9, "expand")], [planned(9, "expand"), planned(10, "expand")]).blocked,
    ).toBeNull();
  });

  test("an edited migration is found where it is out of place too", () => {
    const applied = [planned(1, "expand"), { ...planned(3, "expand"), upSha256: "other" }];
    const wanted = [planned(1, "expand"), planned(2, "expand"), planned(3, "expand")];
    expect(planSchema(applied, wanted).blocked?.code).toBe("SCHEMA_CHECKSUM_CHANGED");
  });
});

describe("a migration that says that it is late", () => {
  const late = { ...planned(2, "expand"), late: true };
  const before = [planned(1, "expand"), planned(3, "expand")];

  test("is applied after those with higher versions, and undone before them", () => {
    const wanted = [...before, late];
    expect(planSchema(before, wanted)).toMatchObject({ apply: { expand: ["2_m"] }, blocked: null });
    expect(planSchema(wanted, before)).toMatchObject({ undo: { expand: ["2_m"] }, blocked: null });
    expect(planSchema(wanted, [planned(1, "expand")]).undo.expand).toEqual(["2_m", "3_m"]);
    expect(planSchema(wanted, [...wanted, planned(4, "expand")]).apply.expand).toEqual(["4_m"]);
  });

  test("changes nothing but the numbers: every plan is that of the same list in the order of its versions", () => {
    const walks = fc.tuple(chains(10), fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }));
    fc.assert(
      fc.property(walks, fc.nat(), fc.nat(), ([chain, lates], from, to) => {
        // The late ones get versions far below; the list stays in the order of application.
        const version = (index: number) => (lates[index] ? 100 - index : 1_000 + index);
        const renumbered = chain.map(({ phase }, index) => ({
          ...planned(version(index), phase),
          ...(lates[index] ? { late: true } : {}),
        }));
        const [applied, wanted] = [from, to].map((n) => n % (chain.length + 1)) as [number, number];
        const inOrder = planSchema(chain.slice(0, applied), chain.slice(0, wanted));
        const outOfOrder = planSchema(renumbered.slice(0, applied), renumbered.slice(0, wanted));
        const named = (id: string) => chain[renumbered.findIndex((one) => one.id === id)]?.id;
        const lists = ({ apply, undo }: SchemaPlan) => [
          apply.expand,
          apply.contract,
          undo.contract,
          undo.expand,
        ];
        expect(lists(outOfOrder).map((list) => list.map(named))).toEqual(lists(inOrder));
        expect(outOfOrder.blocked?.code).toBe(inOrder.blocked?.code);
      }),
    );
  });
});

test("an empty schema and an empty release are planned like others", () => {
  expect(planSchema([], []).blocked).toBeNull();
  expect(ids(statesOf(planSchema([], chain("EC")), [], chain("EC")).at(-1)!)).toEqual(["1_m", "2_m"]);
  expect(planSchema(chain("EC"), [])).toMatchObject({ undo: { contract: ["2_m"], expand: ["1_m"] } });
});

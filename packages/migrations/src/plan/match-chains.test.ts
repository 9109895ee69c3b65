import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ids, planned } from "../../testing/generated-chains.ts";
import { squash, squashedHistories } from "../../testing/squashed-chains.ts";
import { matchChains, singleIds } from "./match-chains.ts";
import { planSchema } from "./plan-schema.ts";
import type { PlannedMigration } from "./planned-migration.ts";
import { routePins } from "./route-pins.ts";

const chain = [1, 2, 3, 4].map((version) => planned(version, "expand"));
const nothing = { apply: { expand: [], contract: [] }, undo: { contract: [], expand: [] }, blocked: null };

/** What is applied after a run to a pin; null when the run is refused. */
function arrive(applied: readonly PlannedMigration[], wanted: readonly PlannedMigration[]) {
  const { apply, undo, blocked } = planSchema(applied, wanted);
  if (blocked !== null) return null;
  const gone = [...undo.contract, ...undo.expand];
  const added = [...apply.expand, ...apply.contract];
  return [
    ...applied.filter(({ id }) => !gone.includes(id)),
    ...wanted.filter(({ id }) => added.includes(id)),
  ];
}

describe("a squashed migration", () => {
  const squashed = squash(chain, 3);

  test("is there where the single ones are, and they are where it is", () => {
    expect(planSchema(chain, squashed)).toEqual({ ...nothing, common: ["3_squashed_3", "4_m"] });
    expect(planSchema(squashed, chain)).toEqual({ ...nothing, common: ["1_m", "2_m", "3_m", "4_m"] });
  });

  test("runs as the first of a new database, and is undone as the last", () => {
    expect(planSchema([], squashed).apply.expand).toEqual(["3_squashed_3", "4_m"]);
    expect(planSchema(squashed, []).undo.expand).toEqual(["4_m", "3_squashed_3"]);
  });

  test("leaves what came after it to be applied and undone, from either side", () => {
    expect(planSchema(chain.slice(0, 3), squashed).apply.expand).toEqual(["4_m"]);
    expect(planSchema(squashed, chain.slice(0, 3)).undo.expand).toEqual(["4_m"]);
    expect(planSchema(chain, squashed.slice(0, 1)).undo.expand).toEqual(["4_m"]);
    expect(planSchema(squashed.slice(0, 1), chain).apply.expand).toEqual(["4_m"]);
  });

  test("that is applied as single ones is undone one by one", () => {
    expect(planSchema(chain, chain.slice(0, 1)).undo.expand).toEqual(["4_m", "3_m", "2_m"]);
  });

  test("of which only some are applied is refused with the release to pin first", () => {
    const { blocked, apply } = planSchema(chain.slice(0, 1), squashed);
    expect(blocked).toEqual({
      code: "SCHEMA_SQUASHED",
      why: '"3_squashed_3" was squashed from 3 migrations, and of these 2_m, 3_m are not applied',
      nextHead: "3_m",
      todo: "Pin the last release that has 3_m as a file of its own first, from a commit that has that file",
    });
    expect(apply.expand).toEqual(["4_m"]);
  });

  test("that made the database is not undone half way", () => {
    const { blocked, undo } = planSchema(squashed, chain.slice(0, 2));
    expect(blocked).toEqual({
      code: "SCHEMA_SQUASHED",
      why: 'this database was made by "3_squashed_3", which is undone as a whole, and the release has only a part of it, up to 2_m',
      nextHead: "3_squashed_3",
      todo: "Pin a release that has all of it, up to migration 3_m; an older one needs a database of its own",
    });
    expect(undo.expand).toEqual(["4_m"]);
  });

  test("can be squashed again, whatever the database has", () => {
    const twice = squash(squashed, 2);
    expect(singleIds(twice)).toEqual(ids(chain));
    expect(planSchema(squashed, twice)).toMatchObject(nothing);
    expect(planSchema(chain, twice)).toMatchObject(nothing);
    expect(planSchema(twice, squashed)).toMatchObject(nothing);
    expect(planSchema(squashed.slice(0, 1), twice).blocked).toMatchObject({
      code: "SCHEMA_SQUASHED",
      nextHead: "4_m",
    });
  });

  test("is refused when it, or what it replaces, was applied with another checksum", () => {
    const [whole, ...rest] = squashed;
    const edited = [{ ...whole!, upSha256: "edited" }, ...rest];
    expect(planSchema(squashed, edited).blocked?.why).toContain('"3_squashed_3" was applied');
    const [first, ...others] = whole!.replaces!;
    const forged = [{ ...whole!, replaces: [{ ...first!, downSha256: "other" }, ...others] }, ...rest];
    expect(planSchema(chain, forged).blocked).toMatchObject({
      code: "SCHEMA_CHECKSUM_CHANGED",
      why: 'migration "1_m" was applied, and the release has changed its rollback SQL since',
    });
  });
});

test("any walk over releases before, at and after a squash ends in what the pin has, or is refused", () => {
  fc.assert(
    fc.property(squashedHistories, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (releases, walk) => {
      let state: readonly PlannedMigration[] = [];
      for (const stop of walk) {
        const wanted = releases[stop % releases.length]!.migrations;
        const next = arrive(state, wanted);
        if (next === null) continue;
        expect(singleIds(next)).toEqual(singleIds(wanted));
        expect(planSchema(next, wanted)).toMatchObject(nothing);
        state = next;
      }
    }),
  );
});

test("a refusal names the squash only where one is cut through", () => {
  fc.assert(
    fc.property(squashedHistories, fc.nat(), fc.nat(), (releases, from, to) => {
      const applied = releases[from % releases.length]!.migrations;
      const wanted = releases[to % releases.length]!.migrations;
      const { split } = matchChains(applied, wanted);
      expect(planSchema(applied, wanted).blocked?.code === "SCHEMA_SQUASHED").toBe(split !== null);
      const short = Math.min(singleIds(applied).length, singleIds(wanted).length);
      const cuts = [applied, wanted].some((side) => {
        let end = 0;
        return side.every((link) => {
          end += singleIds([link]).length;
          return end !== short;
        });
      });
      expect(split !== null).toBe(short > 0 && cuts);
    }),
  );
});

test("the route to a squashed release leads over the last one with single files, and back from it on single files", () => {
  const releases = [
    { version: "1.0.0", migrations: chain.slice(0, 1) },
    { version: "1.1.0", migrations: chain.slice(0, 3) },
    { version: "2.0.0", migrations: squash(chain, 3) },
  ];
  const applied = chain.slice(0, 1);
  expect(routePins({ applied, releases, target: "2.0.0" })).toEqual(["1.1.0", "2.0.0"]);
  expect(routePins({ applied: chain, releases, target: "1.0.0" })).toEqual(["1.0.0"]);
  expect(routePins({ applied: squash(chain, 3), releases, target: "1.0.0" })).toBeNull();
});

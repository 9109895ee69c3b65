import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { histories, planned } from "../../testing/generated-chains.ts";
import { planSchema } from "./plan-schema.ts";
import type { PlannedMigration } from "./planned-migration.ts";
import { type RoutedRelease, routePins } from "./route-pins.ts";

/** Releases from words: `{ "1.0": "E" }` is one migration of phase expand. */
function releasesOf(words: Record<string, string>): RoutedRelease[] {
  return Object.entries(words).map(([version, phases]) => ({
    version,
    migrations: [...phases].map((letter, index) =>
      planned(index + 1, letter === "E" ? "expand" : "contract"),
    ),
  }));
}

/** Every list of pins without repetition, shortest first: the slow and obvious way. */
function shortestByTrying(applied: readonly PlannedMigration[], releases: RoutedRelease[], target: string) {
  let level = [{ at: applied, pins: [] as string[] }];
  for (let hops = 1; hops <= releases.length; hops++) {
    level = level.flatMap(({ at, pins }) =>
      releases
        .filter(({ version, migrations }) => !pins.includes(version) && !planSchema(at, migrations).blocked)
        .map(({ version, migrations }) => ({ at: migrations, pins: [...pins, version] })),
    );
    if (level.some(({ pins }) => pins.at(-1) === target)) return hops;
  }
  return null;
}

describe("a route of pins", () => {
  test("is the target alone where one run is enough", () => {
    const releases = releasesOf({ "1.0": "E", "1.1": "EE", "1.2": "EEC" });
    expect(routePins({ applied: [], releases, target: "1.2" })).toEqual(["1.2"]);
    expect(routePins({ applied: releases[2]!.migrations, releases, target: "1.2" })).toEqual(["1.2"]);
  });

  test("stops where an expand follows a contract, forward and back", () => {
    const releases = releasesOf({ "1.0": "E", "1.1": "EEC", "1.2": "EECE", "1.3": "EECECC" });
    expect(routePins({ applied: releases[0]!.migrations, releases, target: "1.3" })).toEqual(["1.1", "1.3"]);
    expect(routePins({ applied: releases[3]!.migrations, releases, target: "1.0" })).toEqual(["1.1", "1.0"]);
  });

  test("goes back to where two branches met before it takes the other one", () => {
    const base = [planned(1, "expand")];
    const releases = [
      { version: "1.0", migrations: base },
      { version: "1.1", migrations: [...base, planned(2, "expand", "left")] },
      { version: "1.2", migrations: [...base, planned(3, "expand", "right")] },
    ];
    expect(routePins({ applied: releases[1]!.migrations, releases, target: "1.2" })).toEqual(["1.0", "1.2"]);
    expect(routePins({ applied: releases[2]!.migrations, releases, target: "1.1" })).toEqual(["1.0", "1.1"]);
  });

  test("does not exist where a release cannot be reached at all", () => {
    const releases = releasesOf({ "1.0": "E", "1.1": "ECE" });
    expect(routePins({ applied: releases[0]!.migrations, releases, target: "1.1" })).toBeNull();
  });

  test("to an unknown release is a mistake of the caller", () => {
    expect(() => routePins({ applied: [], releases: [], target: "9.9" })).toThrow(RangeError);
  });

  test("is allowed at every hop, ends in the target's schema, and no shorter one exists", () => {
    fc.assert(
      fc.property(histories, fc.nat(), fc.nat(), (releases, from, to) => {
        const whole = releases.at(-1)!.migrations;
        const applied = whole.slice(0, from % (whole.length + 1));
        const target = releases[to % releases.length]!;
        const route = routePins({ applied, releases, target: target.version });
        expect(route?.length ?? null).toBe(shortestByTrying(applied, releases, target.version));
        let state: readonly PlannedMigration[] = applied;
        for (const pin of route ?? []) {
          const { migrations } = releases.find(({ version }) => version === pin)!;
          expect(planSchema(state, migrations).blocked).toBeNull();
          state = migrations;
        }
        if (route) expect(state).toEqual(target.migrations);
      }),
      { numRuns: 200 },
    );
  });

  test("over a thousand migrations in a hundred releases is found: not every way is tried", () => {
    const whole = Array.from({ length: 1000 }, (_, at) =>
      planned(at + 1, at % 10 < 8 ? "expand" : "contract"),
    );
    const releases = Array.from({ length: 100 }, (_, at) => ({
      version: `1.${at}.0`,
      migrations: whole.slice(0, (at + 1) * 10),
    }));
    // Trying every way would never end; this takes a second, and more on a busy machine.
    expect(routePins({ applied: [], releases, target: "1.99.0" })).toHaveLength(100);
  }, 120_000);
});

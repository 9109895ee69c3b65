import fc from "fast-check";
import type { PlannedMigration } from "../src/plan/planned-migration.ts";
import type { RoutedRelease } from "../src/plan/route-pins.ts";

/** A chain of migrations with random phases, as lists of ids in the order of their versions. */
export const chains = (max = 12): fc.Arbitrary<PlannedMigration[]> =>
  fc
    .array(fc.constantFrom("expand" as const, "contract" as const), { maxLength: max })
    .map((phases) => phases.map((phase, index) => planned(index + 1, phase)));

/** A chain cut into releases, each with all that came before it, oldest first. */
export const histories: fc.Arbitrary<RoutedRelease[]> = chains(14)
  .chain((chain) =>
    fc.tuple(
      fc.constant(chain),
      fc.subarray(chain.map((_, index) => index + 1)).map((cuts) => [0, ...cuts]),
    ),
  )
  .map(([chain, cuts]) =>
    cuts.map((end, index) => ({ version: `1.${index}.0`, migrations: chain.slice(0, end) })),
  );

/** One migration to plan with; `side` makes another one of the same version, as on another branch. */
export function planned(version: number, phase: PlannedMigration["phase"], side = "m"): PlannedMigration {
  const id = `${version}_${side}`;
  return { id, phase, upSha256: `up ${id}`, downSha256: `down ${id}` };
}

/** Ids, for comparison and messages. */
export const ids = (migrations: readonly PlannedMigration[]): string[] => migrations.map(({ id }) => id);

import fc from "fast-check";
import type { PlannedMigration } from "../src/plan/planned-migration.ts";
import type { RoutedRelease } from "../src/plan/route-pins.ts";
import { chains } from "./generated-chains.ts";

/** The first so many migrations of a chain as one. */
export function squash(chain: readonly PlannedMigration[], count: number): PlannedMigration[] {
  const parts = chain.slice(0, count);
  const last = parts.at(-1)!;
  const id = last.id.replace(/_.*/, `_squashed_${count}`);
  const replaces = parts.flatMap((part) => part.replaces ?? [part]);
  const made: PlannedMigration = {
    id,
    phase: "expand",
    upSha256: `up ${id}`,
    downSha256: `down ${id}`,
    replaces: replaces.map(({ id: single, upSha256, downSha256 }) => ({ id: single, upSha256, downSha256 })),
  };
  return [made, ...chain.slice(count)];
}

/**
 * Releases of one chain, oldest first: `1.n.0` has the first n + 1 migrations, and from some on the beginning is squashed,
 * and later, with more of it, squashed again.
 */
export const squashedHistories: fc.Arbitrary<RoutedRelease[]> = fc
  .tuple(chains(8), fc.nat(7), fc.nat(7), fc.nat(7))
  .filter(([chain]) => chain.length > 0)
  .map(([chain, first, second, at]) => {
    const releases = chain.map((_, index) => ({
      version: `1.${index}.0`,
      migrations: chain.slice(0, index + 1),
    }));
    // Whoever squashes has released what is squashed.
    const from = at % chain.length;
    const once = 1 + (first % (from + 1));
    const rest = chain.slice(from);
    const squashed = rest.map((_, index) => ({
      version: `2.${index}.0`,
      migrations: squash(chain.slice(0, from + index + 1), once),
    }));
    const again = squashed.at(-1)!.migrations;
    const twice = { version: "3.0.0", migrations: squash(again, 1 + (second % again.length)) };
    return [...releases, ...squashed, twice];
  });

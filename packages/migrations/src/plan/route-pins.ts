import { matchChains } from "./match-chains.ts";
import { planSchema } from "./plan-schema.ts";
import type { PlannedMigration } from "./planned-migration.ts";

/** A release, as far as its schema goes. */
export interface RoutedRelease {
  readonly version: string;
  readonly migrations: readonly PlannedMigration[];
}

interface Stop {
  readonly version: string;
  readonly migrations: readonly PlannedMigration[];
  readonly pins: readonly string[];
  /** Migrations applied and undone on the way. */
  readonly moved: number;
}

/**
 * The shortest list of pins, the target last, that leads from the present schema to the target release with every single
 * hop allowed by {@link planSchema}; among equally short ones, the one that moves the fewest migrations. `null`
 * when there is none.
 *
 * @throws {RangeError} when the target is not among the releases.
 * @example
 * routePins({ applied: [], releases, target: "1.3.0" }); // ["1.1.0", "1.3.0"]
 */
export function routePins(input: {
  readonly applied: readonly PlannedMigration[];
  readonly releases: readonly RoutedRelease[];
  readonly target: string;
}): string[] | null {
  const { applied, releases, target } = input;
  if (!releases.some(({ version }) => version === target)) throw new RangeError(`no release ${target}`);
  const seen = new Set<string>();
  let level: Stop[] = [{ version: "", migrations: applied, pins: [], moved: 0 }];
  while (level.length > 0) {
    const next = new Map<string, Stop>();
    for (const stop of level) {
      for (const release of releases) {
        if (seen.has(release.version)) continue;
        const reached = hop(stop, release);
        const known = next.get(release.version);
        if (reached && (known === undefined || reached.moved < known.moved))
          next.set(release.version, reached);
      }
    }
    const arrived = next.get(target);
    if (arrived) return [...arrived.pins];
    for (const version of next.keys()) seen.add(version);
    level = [...next.values()];
  }
  return null;
}

function hop(from: Stop, { version, migrations }: RoutedRelease): Stop | null {
  const { apply, undo, blocked } = planSchema(from.migrations, migrations);
  if (blocked !== null) return null;
  // A squashed migration that counted as there is not: its single ones are, and stay.
  const { kept, apply: added } = matchChains(from.migrations, migrations);
  const moved = apply.expand.length + apply.contract.length + undo.contract.length + undo.expand.length;
  return {
    version,
    migrations: [...kept, ...added],
    pins: [...from.pins, version],
    moved: from.moved + moved,
  };
}

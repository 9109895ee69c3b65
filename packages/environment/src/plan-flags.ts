import { type Flag, type FlagDeclaration, parseDeclaration } from "@slipway/flags";
import { canonicalJson } from "@slipway/kernel";
import type { ReleaseFlag } from "@slipway/release/manifest";

/** What a run does with flags. Whether one is on is never part of a plan: that is the runtime's. */
export interface FlagPlan {
  /** Keys of the pin's flags that the ledger does not have like this, or has archived. */
  readonly declare: readonly string[];
  /** Keys of flags that the pin does not have: they are off for good, once nothing else runs. */
  readonly archive: readonly string[];
}

const DAY_MS = 86_400_000;

/** What a release's flag is to the ledger. A flag that is safe when it is on begins as on: its purpose is the kill. */
export function declarationOf(flag: ReleaseFlag): FlagDeclaration {
  return {
    owner: flag.owner,
    release: flag.release,
    safeValue: flag.safe,
    offVariant: null,
    // The named day is the last one.
    expiresAt: flag.expires === null ? null : new Date(Date.parse(flag.expires) + DAY_MS).toISOString(),
    groupId: flag.salt,
    stickiness: "default",
    description: flag.description,
    initial: { enabled: flag.safe, rollout: flag.safe ? 100 : 0 },
  };
}

/** Compares the pin's flags with the ledger's. */
export function planFlags(wanted: readonly ReleaseFlag[], known: readonly Flag[]): FlagPlan {
  const live = new Map(known.filter(({ state }) => !state.archived).map((flag) => [flag.key, flag]));
  const keys = new Set(wanted.map(({ key }) => key));
  return {
    declare: wanted
      .filter((flag) => {
        const found = live.get(flag.key);
        return found === undefined || !isSame(flag.key, found.declaration, declarationOf(flag));
      })
      .map(({ key }) => key),
    archive: [...live.keys()].filter((key) => !keys.has(key)).sort(),
  };
}

// What a flag began with says nothing of it any more.
function isSame(key: string, one: FlagDeclaration, other: FlagDeclaration): boolean {
  const text = (declaration: FlagDeclaration) =>
    canonicalJson({ ...parseDeclaration(key, declaration), initial: undefined });
  return text(one) === text(other);
}

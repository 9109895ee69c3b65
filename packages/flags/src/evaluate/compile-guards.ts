import type { Flag } from "../document/flag.ts";
import type { CompiledFlag } from "./compile-flag.ts";
import type { FlagContext } from "./flag-context.ts";
import type { FlagReason } from "./flag-result.ts";

/** What has to hold before any rule is asked: null, or why the flag is off. */
export type Guard = (context: FlagContext) => FlagReason | null;

export interface GuardSurroundings {
  /** The wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** The flag of that key made ready, or undefined. */
  readonly find: (key: string) => CompiledFlag | undefined;
}

/** The guards of a flag: its dates and its prerequisites. */
export const compileGuards = (flag: Flag, surroundings: GuardSurroundings): readonly Guard[] => [
  ...compileDates(flag, surroundings.now),
  ...compileDependencies(flag, surroundings),
];

function compileDates({ state }: Flag, now: () => number): Guard[] {
  if (state.activeFrom === null && state.activeUntil === null) return [];
  const from = state.activeFrom === null ? Number.NEGATIVE_INFINITY : Date.parse(state.activeFrom);
  const until = state.activeUntil === null ? Number.POSITIVE_INFINITY : Date.parse(state.activeUntil);
  return [
    () => {
      const at = now();
      return at >= from && at < until ? null : "NOT_ACTIVE";
    },
  ];
}

/** A prerequisite may have none of its own: chains and circles are never satisfied. */
function compileDependencies({ state }: Flag, { find }: GuardSurroundings): Guard[] {
  return state.dependencies.map((dependency): Guard => {
    const wanted = dependency.enabled !== false;
    const variants = dependency.variants ?? [];
    return (context) => {
      const parent = find(dependency.flag);
      if (parent === undefined || parent.flag.state.dependencies.length > 0) return "PREREQUISITE";
      const { on, variant } = parent.evaluate(context);
      const fits = on === wanted && (!wanted || variants.length === 0 || variants.includes(variant ?? ""));
      return fits ? null : "PREREQUISITE";
    };
  });
}

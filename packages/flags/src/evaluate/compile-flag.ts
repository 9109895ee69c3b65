import type { Flag } from "../document/flag.ts";
import type { FlagValue } from "../document/flag-value.ts";
import type { Matcher } from "./compile-constraint.ts";
import { type CompiledRule, compileRule, type RuleSurroundings } from "./compile-rule.ts";
import type { FlagContext } from "./flag-context.ts";
import { type FlagReason, type FlagResult, flagResult } from "./flag-result.ts";

/** What a flag needs of the others, for its prerequisites. */
export interface FlagSurroundings extends RuleSurroundings {
  readonly now: () => number;
  /** The flag of that key made ready, or undefined. */
  readonly find: (key: string) => CompiledFlag | undefined;
}

/** A flag made ready: everything that does not depend on the context is decided or parsed. */
export interface CompiledFlag {
  readonly flag: Flag;
  readonly evaluate: (context: FlagContext) => FlagResult;
}

export function compileFlag(flag: Flag, surroundings: FlagSurroundings): CompiledFlag {
  const { declaration, state } = flag;
  const nothing = whenOff(flag);
  const off = resultsBy(false, nothing.value, nothing.variant);
  const on = resultsBy(true, typeof declaration.safeValue === "boolean" ? true : declaration.safeValue, null);
  const why = whyOff(flag);
  if (why !== null) {
    const result = off(why);
    return { flag, evaluate: () => result };
  }
  const rules = (state.rules.length === 0 ? [{}] : state.rules).map((rule) =>
    compileRule(rule, flag, surroundings),
  );
  const byRules = compileRules(rules, on, off, surroundings.now);
  const guards = [...compileDates(flag, surroundings.now), ...compileDependencies(flag, surroundings)];
  if (guards.length === 0) return { flag, evaluate: byRules };
  const evaluate = (context: FlagContext): FlagResult => {
    for (const guard of guards) {
      const refused = guard(context);
      if (refused !== null) return off(refused);
    }
    return byRules(context);
  };
  return { flag, evaluate };
}

/** Killed beats everything; a tombstone comes next, then the switch. */
function whyOff({ state }: Flag): FlagReason | null {
  if (state.killed) return "KILLED";
  if (state.archived) return "ARCHIVED";
  return state.enabled ? null : "OFF";
}

/** What a flag is worth while it is off, with the name of the variant that says so. */
function whenOff({ declaration, state }: Flag): {
  readonly value: FlagValue;
  readonly variant: string | null;
} {
  const { offVariant, safeValue } = declaration;
  const variants = [...state.variants, ...state.rules.flatMap((rule) => rule.variants ?? [])];
  const named = offVariant === null ? undefined : variants.find(({ name }) => name === offVariant);
  if (named?.value !== undefined) return { value: named.value, variant: named.name };
  return { value: typeof safeValue === "boolean" ? false : safeValue, variant: null };
}

function compileRules(
  rules: readonly CompiledRule[],
  on: Results,
  off: Results,
  now: () => number,
): CompiledFlag["evaluate"] {
  return (context) => {
    let reason: FlagReason = "NO_MATCH";
    for (let index = 0; index < rules.length; index += 1) {
      const rule = rules[index]!;
      if (!holdAll(rule.matchers, context, now)) continue;
      const decision = rule.decide(context);
      if (decision === "-SPLIT") reason = "SPLIT";
      else if (decision === "-NO_STICKINESS") reason = reason === "SPLIT" ? reason : "NO_STICKINESS";
      else return rule.pickVariant?.(context, decision) ?? on(decision);
    }
    return off(reason);
  };
}

function holdAll(matchers: readonly Matcher[], context: FlagContext, now: () => number): boolean {
  for (let index = 0; index < matchers.length; index += 1) {
    if (!matchers[index]!(context, now)) return false;
  }
  return true;
}

type Guard = (context: FlagContext) => FlagReason | null;

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
function compileDependencies({ state }: Flag, { find }: FlagSurroundings): Guard[] {
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

type Results = (reason: FlagReason) => FlagResult;

/** Results by reason, made once; those of boolean flags are the same for all flags. */
function resultsBy(on: boolean, value: FlagValue, variant: string | null): Results {
  const plain = typeof value === "boolean" && variant === null;
  const made: Partial<Record<FlagReason, FlagResult>> = plain ? booleans[`${on}-${value}`] : {};
  return (reason) => (made[reason] ??= flagResult(on, value, reason, variant));
}

const booleans: Record<`${boolean}-${boolean}`, Partial<Record<FlagReason, FlagResult>>> = {
  "true-true": {},
  "true-false": {},
  "false-true": {},
  "false-false": {},
};

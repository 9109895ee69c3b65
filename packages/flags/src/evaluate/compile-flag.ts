import type { Flag } from "../document/flag.ts";
import type { Matcher } from "./compile-constraint.ts";
import { compileGuards, type Guard, type GuardSurroundings } from "./compile-guards.ts";
import { type CompiledRule, compileRule, type RuleSurroundings } from "./compile-rule.ts";
import type { FlagContext } from "./flag-context.ts";
import type { FlagReason, FlagResult } from "./flag-result.ts";
import { type ResultTable, resultTable } from "./result-table.ts";
import { Rollout } from "./rollout.ts";

/** What a flag needs beyond itself. */
export interface FlagSurroundings extends RuleSurroundings, GuardSurroundings {}

/** A flag made ready: everything that does not depend on the context is decided or parsed. */
export abstract class CompiledFlag {
  readonly flag: Flag;

  constructor(flag: Flag) {
    this.flag = flag;
  }

  abstract evaluate(context: FlagContext): FlagResult;
}

export function compileFlag(flag: Flag, surroundings: FlagSurroundings): CompiledFlag {
  const { declaration, state } = flag;
  const off = whenOff(flag);
  const why = whyOff(flag);
  if (why !== null) return new FixedFlag(flag, off.get(why));
  const on = resultTable(
    true,
    typeof declaration.safeValue === "boolean" ? true : declaration.safeValue,
    null,
  );
  const guards = compileGuards(flag, surroundings);
  if (state.rules.length + state.variants.length + guards.length === 0) return new PlainFlag(flag, on, off);
  const rules = (state.rules.length === 0 ? [{}] : state.rules).map((rule) =>
    compileRule(rule, flag, surroundings),
  );
  return new RuledFlag(flag, { on, off, guards, rules, surroundings });
}

/** Killed beats everything; a tombstone comes next, then the switch. */
function whyOff({ state }: Flag): FlagReason | null {
  if (state.killed) return "KILLED";
  if (state.archived) return "ARCHIVED";
  return state.enabled ? null : "OFF";
}

/** What a flag is worth while it is off, with the name of the variant that says so. */
function whenOff({ declaration, state }: Flag): ResultTable {
  const { offVariant, safeValue } = declaration;
  if (offVariant !== null) {
    const variants = [...state.variants, ...state.rules.flatMap((rule) => rule.variants ?? [])];
    const named = variants.find(({ name }) => name === offVariant);
    if (named?.value !== undefined) return resultTable(false, named.value, named.name);
  }
  return resultTable(false, typeof safeValue === "boolean" ? false : safeValue, null);
}

/** Off for everybody. */
class FixedFlag extends CompiledFlag {
  readonly #result: FlagResult;

  constructor(flag: Flag, result: FlagResult) {
    super(flag);
    this.#result = result;
  }

  override evaluate(): FlagResult {
    return this.#result;
  }
}

/** A percentage of everybody: what most flags of releases are. */
class PlainFlag extends CompiledFlag {
  readonly #on: ResultTable;
  readonly #off: ResultTable;
  readonly #rollout: Rollout;

  constructor(flag: Flag, on: ResultTable, off: ResultTable) {
    super(flag);
    const { groupId, stickiness } = flag.declaration;
    this.#on = on;
    this.#off = off;
    this.#rollout = new Rollout(groupId, stickiness, flag.state.rollout, "STATIC");
  }

  override evaluate(context: FlagContext): FlagResult {
    const decision = this.#rollout.decide(context, Math.random);
    if (decision === "-SPLIT") return this.#off.get("SPLIT");
    if (decision === "-NO_STICKINESS") return this.#off.get("NO_STICKINESS");
    return this.#on.get(decision);
  }
}

interface Ruling {
  readonly on: ResultTable;
  readonly off: ResultTable;
  readonly guards: readonly Guard[];
  readonly rules: readonly CompiledRule[];
  readonly surroundings: FlagSurroundings;
}

/** Guards first; then the first rule that matches decides. */
class RuledFlag extends CompiledFlag {
  readonly #ruling: Ruling;

  constructor(flag: Flag, ruling: Ruling) {
    super(flag);
    this.#ruling = ruling;
  }

  override evaluate(context: FlagContext): FlagResult {
    const { on, off, guards, rules, surroundings } = this.#ruling;
    for (let index = 0; index < guards.length; index += 1) {
      const refused = guards[index]!(context);
      if (refused !== null) return off.get(refused);
    }
    let reason: FlagReason = "NO_MATCH";
    for (let index = 0; index < rules.length; index += 1) {
      const { matchers, rollout, pickVariant } = rules[index]!;
      if (!holdAll(matchers, context, surroundings.now)) continue;
      const decision = rollout.decide(context, surroundings.random);
      if (decision === "-SPLIT") reason = "SPLIT";
      else if (decision === "-NO_STICKINESS") reason = reason === "SPLIT" ? reason : "NO_STICKINESS";
      else return pickVariant?.(context, decision) ?? on.get(decision);
    }
    return off.get(reason);
  }
}

function holdAll(matchers: readonly Matcher[], context: FlagContext, now: () => number): boolean {
  for (let index = 0; index < matchers.length; index += 1) {
    if (!matchers[index]!(context, now)) return false;
  }
  return true;
}

import type { Segment } from "../document/constraint.ts";
import type { Flag, Rule } from "../document/flag.ts";
import { bucketOf, rolloutSalt } from "./bucket.ts";
import { compileConstraint, type Matcher } from "./compile-constraint.ts";
import { compileVariants, type VariantPicker } from "./compile-variants.ts";
import { type FlagContext, textOf } from "./flag-context.ts";
import type { FlagReason } from "./flag-result.ts";
import { idFinder } from "./stickiness.ts";

/** A rule made ready to be asked. */
export interface CompiledRule {
  /** All of them have to hold. */
  readonly matchers: readonly Matcher[];
  /** Called once the matchers hold: why the rule is on or, with a minus in front, why it is not. */
  readonly decide: (context: FlagContext) => Decision;
  readonly pickVariant: VariantPicker | null;
}

export type Decision = "STATIC" | "RULE" | "SPLIT" | "-SPLIT" | "-NO_STICKINESS";

/** What a rule needs of the flag's surroundings. */
export interface RuleSurroundings {
  readonly segments: ReadonlyMap<string, Segment>;
  readonly random: () => number;
}

export function compileRule(rule: Rule, flag: Flag, { segments, random }: RuleSurroundings): CompiledRule {
  const { declaration, state } = flag;
  const groupId = rule.groupId ?? declaration.groupId;
  const stickiness = rule.stickiness ?? declaration.stickiness;
  const own = (rule.variants ?? []).length > 0;
  const variants = own ? rule.variants! : state.variants;
  const matchers = [...compileConstraints(rule, segments), ...compileUsers(rule.userIds)];
  return {
    matchers,
    decide: compileRollout(
      { groupId, stickiness, rollout: rule.rollout ?? state.rollout },
      matchers.length > 0 ? "RULE" : "STATIC",
      random,
    ),
    pickVariant: compileVariants(variants, own ? groupId : declaration.groupId, own ? stickiness : "default"),
  };
}

function compileConstraints(rule: Rule, segments: ReadonlyMap<string, Segment>): Matcher[] {
  const ofSegments = (rule.segments ?? []).flatMap((id): Matcher[] => {
    const segment = segments.get(id);
    return segment === undefined ? [() => false] : segment.constraints.map(compileConstraint);
  });
  return [...ofSegments, ...(rule.constraints ?? []).map(compileConstraint)];
}

function compileUsers(userIds: readonly string[] | undefined): Matcher[] {
  if (userIds === undefined) return [];
  const listed = new Set(userIds);
  return [
    (context) => {
      const user = textOf(context, "userId");
      return user !== null && listed.has(user);
    },
  ];
}

function compileRollout(
  { groupId, stickiness, rollout }: { groupId: string; stickiness: string; rollout: number },
  everybody: FlagReason & Decision,
  random: () => number,
): CompiledRule["decide"] {
  const idOf = idFinder(stickiness);
  if (rollout <= 0) return () => "-SPLIT";
  if (idOf === null) return () => (random() * 100 < rollout ? "SPLIT" : "-SPLIT");
  if (rollout >= 100) {
    // A named attribute has to be there even at 100 %; by default 100 % is everybody, known or not.
    return stickiness === "default"
      ? () => everybody
      : (context) => (idOf(context) === null ? "-NO_STICKINESS" : everybody);
  }
  const salt = rolloutSalt(groupId);
  return (context) => {
    const id = idOf(context);
    if (id === null) return "-NO_STICKINESS";
    return bucketOf(salt, id) <= rollout ? "SPLIT" : "-SPLIT";
  };
}

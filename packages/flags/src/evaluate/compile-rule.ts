import type { Segment } from "../document/constraint.ts";
import type { Flag, Rule } from "../document/flag.ts";
import { compileConstraint, type Matcher } from "./compile-constraint.ts";
import { compileVariants, type VariantPicker } from "./compile-variants.ts";
import { textOf } from "./flag-context.ts";
import { Rollout } from "./rollout.ts";

/** A rule made ready to be asked. */
export interface CompiledRule {
  /** All of them have to hold before the rollout is asked. */
  readonly matchers: readonly Matcher[];
  readonly rollout: Rollout;
  readonly pickVariant: VariantPicker | null;
}

/** What a rule needs of the flag's surroundings. */
export interface RuleSurroundings {
  readonly segments: ReadonlyMap<string, Segment>;
  readonly random: () => number;
}

export function compileRule(rule: Rule, flag: Flag, { segments }: RuleSurroundings): CompiledRule {
  const { declaration, state } = flag;
  const groupId = rule.groupId ?? declaration.groupId;
  const stickiness = rule.stickiness ?? declaration.stickiness;
  const own = (rule.variants ?? []).length > 0;
  const variants = own ? rule.variants! : state.variants;
  const matchers = [...compileConstraints(rule, segments), ...compileUsers(rule.userIds)];
  return {
    matchers,
    rollout: new Rollout(
      groupId,
      stickiness,
      rule.rollout ?? state.rollout,
      matchers.length > 0 ? "RULE" : "STATIC",
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

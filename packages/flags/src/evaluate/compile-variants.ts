import type { Variant } from "../document/flag.ts";
import type { FlagValue } from "../document/flag-value.ts";
import { variantSalt } from "./bucket.ts";
import { defaultIdOf, type FlagContext, textOf } from "./flag-context.ts";
import type { FlagReason, FlagResult } from "./flag-result.ts";
import { murmurFrom } from "./murmur.ts";
import { ResultTable } from "./result-table.ts";
import { idFinder } from "./stickiness.ts";

/** Chooses the variant of a context that a flag is on for, and gives its result for the reason. */
export type VariantPicker = (context: FlagContext, reason: FlagReason) => FlagResult | null;

/**
 * Variants made ready. An override wins; else the id's place in the weights, with `default` stickiness where the
 * named attribute is not there. Without any id everybody is the same anonymous user: one variant for all, never a new
 * one per call. Null when no variant has any weight.
 */
export function compileVariants(
  variants: readonly Variant[],
  groupId: string,
  stickiness: string,
): VariantPicker | null {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return null;
  const salt = variantSalt(groupId);
  const named = idFinder(variants[0]?.stickiness ?? stickiness) ?? defaultIdOf;
  const choices = variants.map(compileChoice);
  const shared = choices.filter((choice) => choice.weight > 0).length > 1;
  const withOverrides = choices.filter(({ overridden }) => overridden.length > 0);
  return (context, reason) => {
    for (const choice of withOverrides)
      if (choice.overridden.some((holds) => holds(context))) return choice.result(reason);
    const id = named(context) ?? defaultIdOf(context) ?? "";
    let left = (murmurFrom(salt, id) % total) + 1;
    for (const choice of choices) {
      left -= choice.weight;
      if (left <= 0) return choice.result(shared && reason === "STATIC" ? "SPLIT" : reason);
    }
    return null;
  };
}

function compileChoice(variant: Variant) {
  const { name, weight } = variant;
  const value: FlagValue = variant.value === undefined ? true : variant.value;
  const results = new ResultTable(value !== false, value, name);
  return {
    weight,
    overridden: (variant.overrides ?? []).map(({ attribute, values }) => {
      const listed = new Set(values);
      return (context: FlagContext) => {
        const found = textOf(context, attribute);
        return found !== null && listed.has(found);
      };
    }),
    result: (reason: FlagReason): FlagResult => results.get(reason),
  };
}

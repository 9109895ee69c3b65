import type { Dependency, Rule, Targeting, Variant } from "./flag.ts";
import type { FlagValue } from "./flag-value.ts";
import { parseConstraint } from "./parse-constraint.ts";
import {
  asObject,
  type Body,
  optional,
  readBoolean,
  readInteger,
  readList,
  readListOrNone,
  readMoment,
  readStrings,
  readText,
} from "./reading.ts";

/** Checks rules, variants, prerequisites and dates. Left out means none. */
export function parseTargeting(body: Body): Targeting {
  return {
    rules: readListOrNone(body, "rules", parseRule),
    variants: readListOrNone(body, "variants", parseVariant),
    dependencies: readListOrNone(body, "dependencies", parseDependency),
    activeFrom: readMoment(body, "activeFrom"),
    activeUntil: readMoment(body, "activeUntil"),
  };
}

/** A share of everybody: whole percents, because the buckets are. */
export const readRollout = (body: Body, key: string): number => readInteger(body, key, 0, 100);

function parseRule(input: unknown): Rule {
  const body = asObject(input);
  return {
    ...optional(body, "constraints", (from, key) => readList(from, key, parseConstraint)),
    ...optional(body, "segments", readStrings),
    ...optional(body, "userIds", readStrings),
    ...optional(body, "rollout", readRollout),
    ...optional(body, "stickiness", readText),
    ...optional(body, "groupId", readText),
    ...optional(body, "variants", (from, key) => readList(from, key, parseVariant)),
  };
}

function parseVariant(input: unknown): Variant {
  const body = asObject(input);
  return {
    name: readText(body, "name"),
    weight: readInteger(body, "weight", 0, 1_000_000),
    ...(body.value === undefined ? {} : { value: body.value as FlagValue }),
    ...optional(body, "overrides", (from, key) => readList(from, key, parseOverride)),
    ...optional(body, "stickiness", readText),
  };
}

function parseOverride(input: unknown): { attribute: string; values: readonly string[] } {
  const body = asObject(input);
  return { attribute: readText(body, "attribute"), values: readStrings(body, "values") };
}

function parseDependency(input: unknown): Dependency {
  const body = asObject(input);
  return {
    flag: readText(body, "flag"),
    ...optional(body, "enabled", readBoolean),
    ...optional(body, "variants", readStrings),
  };
}

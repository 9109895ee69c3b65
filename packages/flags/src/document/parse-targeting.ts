import type { Dependency, Rule, Targeting, Variant } from "./flag.ts";
import type { FlagValue } from "./flag-value.ts";
import { parseConstraint } from "./parse-constraint.ts";
import {
  type Body,
  optional,
  readArray,
  readBoolean,
  readInteger,
  readMoment,
  readObject,
  readStrings,
  readText,
} from "./reading.ts";

/** Checks rules, variants, prerequisites and dates. Left out means none. */
export function parseTargeting(body: Body, path: string): Targeting {
  return {
    rules: listOf(parseRule)(body.rules ?? [], `${path}.rules`),
    variants: listOf(parseVariant)(body.variants ?? [], `${path}.variants`),
    dependencies: listOf(parseDependency)(body.dependencies ?? [], `${path}.dependencies`),
    activeFrom: readMoment(body.activeFrom, `${path}.activeFrom`),
    activeUntil: readMoment(body.activeUntil, `${path}.activeUntil`),
  };
}

/** A share of everybody: whole percents, because the buckets are. */
export const readRollout = (input: unknown, path: string): number => readInteger(input, path, 0, 100);

const listOf =
  <T>(parse: (input: unknown, path: string) => T) =>
  (input: unknown, path: string): readonly T[] =>
    readArray(input, path).map((item, index) => parse(item, `${path}[${index}]`));

function parseRule(input: unknown, path: string): Rule {
  const body = readObject(input, path);
  return {
    ...optional(body, "constraints", path, listOf(parseConstraint)),
    ...optional(body, "segments", path, readStrings),
    ...optional(body, "userIds", path, readStrings),
    ...optional(body, "rollout", path, readRollout),
    ...optional(body, "stickiness", path, readText),
    ...optional(body, "groupId", path, readText),
    ...optional(body, "variants", path, listOf(parseVariant)),
  };
}

function parseVariant(input: unknown, path: string): Variant {
  const body = readObject(input, path);
  return {
    name: readText(body.name, `${path}.name`),
    weight: readInteger(body.weight, `${path}.weight`, 0, 1_000_000),
    ...(body.value === undefined ? {} : { value: body.value as FlagValue }),
    ...optional(body, "overrides", path, listOf(parseOverride)),
    ...optional(body, "stickiness", path, readText),
  };
}

function parseOverride(input: unknown, path: string): { attribute: string; values: readonly string[] } {
  const body = readObject(input, path);
  return {
    attribute: readText(body.attribute, `${path}.attribute`),
    values: readStrings(body.values, `${path}.values`),
  };
}

function parseDependency(input: unknown, path: string): Dependency {
  const body = readObject(input, path);
  return {
    flag: readText(body.flag, `${path}.flag`),
    ...optional(body, "enabled", path, readBoolean),
    ...optional(body, "variants", path, readStrings),
  };
}

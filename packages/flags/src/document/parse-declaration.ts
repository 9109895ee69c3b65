import type { FlagDeclaration } from "./flag.ts";
import type { FlagValue } from "./flag-value.ts";
import { parseTargeting, readRollout } from "./parse-targeting.ts";
import {
  asObject,
  asString,
  type Body,
  isAbsent,
  optional,
  readBoolean,
  readMoment,
  readText,
  readTextOr,
  refuse,
  within,
} from "./reading.ts";

/**
 * Checks what the stack declares of a flag and fills in the defaults: `groupId` is the key, `stickiness`
 * is `default`, `safeValue` is false.
 *
 * @throws {FlagDocumentError} with the path of the first thing that is wrong, `path` in front.
 */
export function parseDeclaration(key: string, input: unknown, path = key): FlagDeclaration {
  return within(path, input, (found) => readDeclaration(key, asObject(found)));
}

function readDeclaration(key: string, body: Body): FlagDeclaration {
  const stickiness = readTextOr(body, "stickiness", "default");
  if (stickiness === "random") {
    refuse("stickiness", "an attribute, so that a user keeps the answer", stickiness);
  }
  const declaration = {
    owner: readText(body, "owner"),
    release: readTextOr(body, "release", null),
    safeValue: (body.safeValue === undefined ? false : body.safeValue) as FlagValue,
    offVariant: readTextOr(body, "offVariant", null),
    expiresAt: readMoment(body, "expiresAt"),
    groupId: readTextOr(body, "groupId", key),
    stickiness,
  };
  if (isAbsent(body.description) && isAbsent(body.initial)) return declaration;
  return {
    ...declaration,
    ...optional(body, "description", (_, name) => within(name, body.description, asString)),
    ...optional(body, "initial", (_, name) => within(name, body.initial, parseInitial)),
  };
}

function parseInitial(input: unknown): NonNullable<FlagDeclaration["initial"]> {
  const body = asObject(input);
  const targeting = parseTargeting(body);
  return {
    ...optional(body, "enabled", readBoolean),
    ...optional(body, "rollout", readRollout),
    // Only what was said: the rest is the store's default.
    ...Object.fromEntries(Object.entries(targeting).filter(([name]) => body[name] !== undefined)),
  };
}

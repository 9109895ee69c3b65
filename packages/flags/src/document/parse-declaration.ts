import type { FlagDeclaration } from "./flag.ts";
import type { FlagValue } from "./flag-value.ts";
import { parseTargeting, readRollout } from "./parse-targeting.ts";
import { optional, readBoolean, readMoment, readObject, readString, readText, refuse } from "./reading.ts";

/**
 * Checks what the stack declares of a flag and fills in the defaults: `groupId` is the key, `stickiness`
 * is `default`, `safeValue` is false.
 *
 * @throws {FlagDocumentError} with the path of the first thing that is wrong.
 */
export function parseDeclaration(key: string, input: unknown, path = key): FlagDeclaration {
  const body = readObject(input, path);
  const stickiness = readText(body.stickiness ?? "default", `${path}.stickiness`);
  if (stickiness === "random")
    refuse(`${path}.stickiness`, "an attribute, so that a user keeps the answer", stickiness);
  return {
    owner: readText(body.owner, `${path}.owner`),
    release:
      body.release === undefined || body.release === null ? null : readText(body.release, `${path}.release`),
    safeValue: (body.safeValue === undefined ? false : body.safeValue) as FlagValue,
    offVariant:
      body.offVariant === undefined || body.offVariant === null
        ? null
        : readText(body.offVariant, `${path}.offVariant`),
    expiresAt: readMoment(body.expiresAt, `${path}.expiresAt`),
    groupId: readText(body.groupId ?? key, `${path}.groupId`),
    stickiness,
    ...optional(body, "description", path, readString),
    ...optional(body, "initial", path, parseInitial),
  };
}

function parseInitial(input: unknown, path: string): NonNullable<FlagDeclaration["initial"]> {
  const body = readObject(input, path);
  const targeting = parseTargeting(body, path);
  return {
    ...optional(body, "enabled", path, readBoolean),
    ...optional(body, "rollout", path, readRollout),
    // Only what was said: the rest is the store's default.
    ...Object.fromEntries(Object.entries(targeting).filter(([name]) => body[name] !== undefined)),
  };
}

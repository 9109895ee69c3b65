import type { Flag, FlagState } from "./flag.ts";
import { parseDeclaration } from "./parse-declaration.ts";
import { parseTargeting, readRollout } from "./parse-targeting.ts";
import { readBoolean, readInteger, readObject, readText } from "./reading.ts";

/** Checks one flag of a document. */
export function parseFlag(input: unknown, path: string): Flag {
  const body = readObject(input, path);
  const key = readText(body.key, `${path}.key`);
  return {
    key,
    declaration: parseDeclaration(key, body.declaration, `${path}.declaration`),
    state: parseState(body.state, `${path}.state`),
  };
}

function parseState(input: unknown, path: string): FlagState {
  const body = readObject(input, path);
  return {
    enabled: readBoolean(body.enabled, `${path}.enabled`),
    killed: readBoolean(body.killed, `${path}.killed`),
    rollout: readRollout(body.rollout, `${path}.rollout`),
    version: readInteger(body.version, `${path}.version`, 0, Number.MAX_SAFE_INTEGER),
    archived: readBoolean(body.archived, `${path}.archived`),
    ...parseTargeting(body, path),
  };
}

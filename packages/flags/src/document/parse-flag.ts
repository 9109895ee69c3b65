import type { Flag, FlagState } from "./flag.ts";
import { parseDeclaration } from "./parse-declaration.ts";
import { parseTargeting, readRollout } from "./parse-targeting.ts";
import { asObject, readBoolean, readInteger, readText, within } from "./reading.ts";

/** Checks one flag of a document. */
export function parseFlag(input: unknown): Flag {
  const body = asObject(input);
  const key = readText(body, "key");
  return {
    key,
    declaration: parseDeclaration(key, body.declaration, "declaration"),
    state: within("state", body.state, parseState),
  };
}

function parseState(input: unknown): FlagState {
  const body = asObject(input);
  const { rules, variants, dependencies, activeFrom, activeUntil } = parseTargeting(body);
  return {
    enabled: readBoolean(body, "enabled"),
    killed: readBoolean(body, "killed"),
    rollout: readRollout(body, "rollout"),
    version: readInteger(body, "version", 0, Number.MAX_SAFE_INTEGER),
    archived: readBoolean(body, "archived"),
    rules,
    variants,
    dependencies,
    activeFrom,
    activeUntil,
  };
}

import type { Constraint } from "../document/constraint.ts";
import type { Rule, Variant } from "../document/flag.ts";
import type { FlagValue } from "../document/flag-value.ts";
import {
  asObject,
  asString,
  type Body,
  isAbsent,
  readList,
  readListOrNone,
  readText,
  within,
} from "../document/reading.ts";
import { parseNetwork } from "../evaluate/cidr.ts";

/** What was translated, and in words what could not be. */
export interface TranslatedRule {
  readonly rule: Rule;
  readonly notes: readonly string[];
}

/** One strategy of Unleash as a rule; `path` names it in notes. */
export function translateStrategy(body: Body, path: string): TranslatedRule {
  const name = readText(body, "name");
  const parameters = within("parameters", body.parameters ?? {}, asObject);
  const by = translators[name];
  // A custom strategy is code that we do not have: nobody gets it, and the reader is told.
  const own: Rule = by === undefined ? { userIds: [] } : by(parameters);
  const segments = readListOrNone(body, "segments", String);
  const constraints = readListOrNone(body, "constraints", translateConstraint);
  const variants = readListOrNone(body, "variants", translateVariant);
  // Of the older strategies an empty salt is one of its own; ours are never empty.
  const unsalted = /^gradualRollout(User|Session)Id$/.test(name) && own.groupId === undefined;
  const all = [...(own.constraints ?? []), ...constraints];
  return {
    rule: {
      ...own,
      ...(all.length > 0 ? { constraints: all } : {}),
      ...(segments.length > 0 ? { segments } : {}),
      ...(variants.length > 0 ? { variants } : {}),
    },
    notes: [
      ...(by === undefined ? [`${path}: the custom strategy "${name}" became a rule for nobody`] : []),
      ...(unsalted ? [`${path}: has no groupId: its users are drawn anew, by the flag's key`] : []),
    ],
  };
}

const translators: Readonly<Record<string, (parameters: Body) => Rule>> = {
  default: () => ({ rollout: 100 }),
  userWithId: ({ userIds }) => ({ rollout: 100, userIds: listed(userIds) }),
  remoteAddress: ({ IPs }) => ({
    rollout: 100,
    constraints: [
      {
        attribute: "remoteAddress",
        operator: "IN_CIDR",
        values: listed(IPs).filter((value) => parseNetwork(value) !== null),
      },
    ],
  }),
  flexibleRollout: ({ rollout, stickiness, groupId }) => ({
    rollout: percent(rollout),
    stickiness: text(stickiness, "default"),
    ...salt(groupId),
  }),
  gradualRolloutUserId: ({ percentage, groupId }) => ({
    rollout: percent(percentage),
    stickiness: "userId",
    ...salt(groupId),
  }),
  gradualRolloutSessionId: ({ percentage, groupId }) => ({
    rollout: percent(percentage),
    stickiness: "sessionId",
    ...salt(groupId),
  }),
  gradualRolloutRandom: ({ percentage }) => ({ rollout: percent(percentage), stickiness: "random" }),
};

const text = (input: unknown, fallback: string): string =>
  typeof input === "string" && input !== "" ? input : fallback;

const salt = (groupId: unknown): { readonly groupId?: string } =>
  typeof groupId === "string" && groupId !== "" ? { groupId } : {};

const listed = (input: unknown): string[] =>
  text(input, "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** Unleash writes percentages as texts; what is no number is nobody. */
function percent(input: unknown): number {
  const number = Math.trunc(Number(input));
  return Number.isNaN(number) ? 0 : Math.min(100, Math.max(0, number));
}

export function translateConstraint(input: unknown): Constraint {
  const body = asObject(input);
  const values = readListOrNone(body, "values", String);
  const single = isAbsent(body.value) ? [] : [String(body.value)];
  return {
    attribute: readText(body, "contextName"),
    operator: readText(body, "operator"),
    values: single.length > 0 && values.length === 0 ? single : values,
    ...(body.caseInsensitive === true ? { caseInsensitive: true } : {}),
    ...(body.inverted === true ? { inverted: true } : {}),
  };
}

export function translateVariant(input: unknown): Variant {
  const body = asObject(input);
  const overrides = readListOrNone(body, "overrides", (override) => {
    const from = asObject(override);
    return { attribute: readText(from, "contextName"), values: readList(from, "values", String) };
  });
  return {
    name: readText(body, "name"),
    weight: Number(body.weight),
    ...(isAbsent(body.payload) ? {} : { value: within("payload", body.payload, payload) }),
    ...(overrides.length > 0 ? { overrides } : {}),
    ...(typeof body.stickiness === "string" && body.stickiness !== "" ? { stickiness: body.stickiness } : {}),
  };
}

/** Unleash's payloads are texts with a type beside them; ours have their type. */
function payload(input: unknown): FlagValue {
  const body = asObject(input);
  const value = within("value", body.value, asString);
  if (body.type === "number" && value.trim() !== "" && !Number.isNaN(Number(value))) return Number(value);
  if (body.type !== "json") return value;
  try {
    return JSON.parse(value);
  } catch {
    // Unleash does not check it either; as a text nothing is lost.
    return value;
  }
}

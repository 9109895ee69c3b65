const resourceKinds = ["Release", "Schema", "Flag", "Service", "Traffic", "Settle"] as const;

/** The kinds of resource that this provider serves, by the last part of their type token. */
export type ResourceKind = (typeof resourceKinds)[number];

/** Inputs as they come from the program, with the lists that `check` computes added. */
export interface ResourceInputs {
  /** The environment's settings as JSON; the release carries them, the others name their environment. */
  readonly settings?: string;
  readonly environment?: string;
  readonly release?: string;
  readonly service?: string;
  /** A flag's key, and what is declared of it. */
  readonly flag?: string;
  readonly owner?: string;
  readonly since?: string;
  readonly safe?: boolean;
  readonly expires?: string | null;
  readonly salt?: string;
  readonly description?: string;
  readonly version?: string;
  readonly instance?: string;
  readonly attempt?: number | string;
  /** The smoke step's output. */
  readonly evidence?: string;
  readonly declare?: readonly string[];
  readonly archive?: readonly string[];
  readonly apply?: readonly string[];
  readonly undo?: readonly string[];
  readonly start?: readonly string[];
  readonly stop?: readonly string[];
  readonly reasons?: readonly string[];
}

/** The kind in a URN: `urn:pulumi:dev::shop::slipway:index:Release::release` gives `Release`. */
export function resourceKind(urn: string): ResourceKind {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const kind = type.split(":").at(-1) ?? "";
  const known = resourceKinds.find((name) => name === kind);
  if (known !== undefined) return known;
  throw new TypeError(`Cannot serve resource type "${type}"`);
}

/**
 * Secret values arrive wrapped in an object that carries a signature. None of ours is meant to be secret;
 * a program that marks one so (a secret release?) must still work.
 */
export function unwrapSecrets<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => unwrapSecrets(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value && "value" in value) return unwrapSecrets(value.value) as T;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unwrapSecrets(member)])) as T;
}

import {
  isArchive,
  isAsset,
  isObject,
  isSecret,
  isUnknown,
  type Properties,
  secret,
} from "./property-value.ts";

/** What a value of an input may look like. */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "any" | "asset" }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "object"; readonly fields: Fields };

/** One input: its shape, and what becomes of it in `check`. */
export interface Field {
  readonly shape: Shape;
  readonly required?: true;
  /** Always stored as a secret. */
  readonly secret?: true;
  /** Filled in when absent. */
  readonly default?: string | number;
}

export type Fields = Readonly<Record<string, Field>>;

/** An input that cannot stand: its path (`connection.host`) and why. Reasons never repeat the value. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

export const text: Shape = { kind: "string" };
export const number: Shape = { kind: "number" };
export const flag: Shape = { kind: "boolean" };

/**
 * Checks inputs against their fields, fills in defaults and marks what is always secret. What a preview does
 * not know yet passes, and so do marks of secrecy.
 */
export function checkInputs(fields: Fields, inputs: Properties): Checked {
  return checkObject(fields, inputs, "");
}

function checkObject(fields: Fields, given: Properties, path: string): Checked {
  const failures: CheckFailure[] = [];
  const inputs: Properties = {};
  for (const name of Object.keys(given)) {
    if (fields[name] === undefined)
      failures.push({ property: path + name, reason: "there is no such input" });
  }
  for (const [name, field] of Object.entries(fields)) {
    const value = given[name] ?? field.default;
    if (value === undefined) {
      if (field.required) failures.push({ property: path + name, reason: "is required" });
      continue;
    }
    const checked = checkValue(field.shape, value, path + name);
    failures.push(...checked.failures);
    inputs[name] = field.secret ? secret(checked.value) : checked.value;
  }
  return { inputs, failures };
}

interface CheckedValue {
  readonly value: unknown;
  readonly failures: readonly CheckFailure[];
}

function checkValue(shape: Shape, value: unknown, path: string): CheckedValue {
  if (isSecret(value)) {
    const inner = checkValue(shape, value.value, path);
    return { value: secret(inner.value), failures: inner.failures };
  }
  const fits = { value, failures: [] };
  const fails = (expected: string) => ({
    value,
    failures: [{ property: path, reason: `must be ${expected}, but is ${kindOf(value)}` }],
  });
  if (isUnknown(value)) return fits;
  switch (shape.kind) {
    case "any":
      return fits;
    case "string":
    case "number":
    case "boolean":
      return typeof value === shape.kind ? fits : fails(`a ${shape.kind}`);
    case "asset":
      return isAsset(value) || isArchive(value) ? fits : fails("an asset or an archive");
    case "choice":
      return shape.of.includes(value as string) ? fits : fails(`one of ${shape.of.join(", ")}`);
    case "list":
      if (!Array.isArray(value)) return fails("a list");
      return gather(value.map((item, index) => checkValue(shape.of, item, `${path}[${index}]`)));
    case "map": {
      if (!isObject(value)) return fails("a map");
      const { value: members, failures } = gather(
        Object.entries(value).map(([key, member]) => checkValue(shape.of, member, `${path}.${key}`)),
      );
      return {
        value: Object.fromEntries(Object.keys(value).map((key, index) => [key, members[index]])),
        failures,
      };
    }
    case "object": {
      if (!isObject(value)) return fails("an object");
      const { inputs, failures } = checkObject(shape.fields, value, `${path}.`);
      return { value: inputs, failures };
    }
  }
}

function gather(items: readonly CheckedValue[]): { value: unknown[]; failures: CheckFailure[] } {
  return { value: items.map((item) => item.value), failures: items.flatMap((item) => item.failures) };
}

const kindOf = (value: unknown): string =>
  Array.isArray(value)
    ? "a list"
    : isObject(value)
      ? "an object"
      : typeof value === "string"
        ? "a text"
        : `a ${typeof value}`;

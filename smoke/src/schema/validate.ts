import { closestWord } from "@slipway/kernel";

/** The part of JSON Schema that the suite's own schema uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly description?: string;
}

/** Where a value is not what the schema wants, and why. */
export interface Problem {
  /** Keys and indexes from the top. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Checks a value against the suite's JSON Schema. It exists beside zod because this is on the path of
 * every run: it starts at once, and a misspelt key gets the nearest one as advice.
 */
export function validate(value: unknown, schema: JsonSchema): Problem[] {
  return validateAt(value, schema, [], schema.$defs ?? {});
}

type Definitions = NonNullable<JsonSchema["$defs"]>;

function validateAt(value: unknown, schema: JsonSchema, path: Problem["path"], defs: Definitions): Problem[] {
  if (schema.$ref !== undefined) {
    const target = defs[schema.$ref.slice("#/$defs/".length)];
    if (target === undefined) throw new TypeError(`The schema has no ${schema.$ref}`);
    return validateAt(value, target, path, defs);
  }
  if (schema.anyOf !== undefined) return validateAnyOf(value, schema.anyOf, schema.description, path, defs);
  const problem = problemOf(value, schema);
  if (problem !== undefined) return [{ path, message: problem }];
  if (schema.type === "array") {
    const { items = {} } = schema;
    return (value as unknown[]).flatMap((item, at) => validateAt(item, items, [...path, at], defs));
  }
  return schema.type === "object" ? validateObject(value as object, schema, path, defs) : [];
}

function validateObject(
  value: object,
  schema: JsonSchema,
  path: Problem["path"],
  defs: Definitions,
): Problem[] {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  const missing = required
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => ({ path, message: `${key} is missing` }));
  const members = Object.entries(value).flatMap(([key, member]): Problem[] => {
    const at = [...path, key];
    if (member === undefined) return [];
    if (Object.hasOwn(properties, key)) return validateAt(member, properties[key]!, at, defs);
    if (additionalProperties === false) {
      const near = closestWord(key, Object.keys(properties));
      return [{ path: at, message: `is not known${near === null ? "" : `: did you mean ${near}`}` }];
    }
    const named = propertyNames === undefined ? [] : validateAt(key, propertyNames, at, defs);
    const inner = typeof additionalProperties === "object" ? additionalProperties : {};
    return [...named, ...validateAt(member, inner, at, defs)];
  });
  return [...missing, ...members];
}

/** Of several possible shapes, the one that the value's `kind` or type points at is the one to complain about. */
function validateAnyOf(
  value: unknown,
  shapes: readonly JsonSchema[],
  description: string | undefined,
  path: Problem["path"],
  defs: Definitions,
): Problem[] {
  const kinds = shapes.flatMap(({ properties }) => (properties?.kind?.const as string | undefined) ?? []);
  if (kinds.length > 0 && typeof value === "object" && value !== null && !Array.isArray(value)) {
    const kind = (value as { readonly kind?: unknown }).kind ?? kinds[0];
    const meant = shapes[kinds.indexOf(kind as string)];
    if (meant !== undefined) return validateAt(value, meant, path, defs);
    return [
      {
        path: [...path, "kind"],
        message: `is ${JSON.stringify(kind)}, and must be one of ${kinds.join(", ")}`,
      },
    ];
  }
  const all = shapes.map((shape) => validateAt(value, shape, path, defs));
  if (all.some((problems) => problems.length === 0)) return [];
  const deepest = all.find((problems) => problems.every((problem) => problem.path.length > path.length));
  if (deepest !== undefined) return deepest;
  if (description !== undefined) return [{ path, message: `is not understood: ${description}` }];
  return [{ path, message: all.map((problems) => problems[0]!.message).join(", or ") }];
}

function problemOf(value: unknown, schema: JsonSchema): string | undefined {
  if (schema.const !== undefined)
    return value === schema.const ? undefined : `must be ${JSON.stringify(schema.const)}`;
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const near = typeof value === "string" ? closestWord(value, schema.enum.map(String)) : null;
    const words = `must be one of ${schema.enum.join(", ")}`;
    return near === null ? words : `${words}: did you mean ${near}`;
  }
  if (schema.type !== undefined && !isOfType(value, schema.type)) return `must be ${typeNames[schema.type]}`;
  if (typeof value === "string") {
    if (value.length < (schema.minLength ?? 0)) return "must not be empty";
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
      return `must match ${schema.pattern}`;
  }
  if (typeof value === "number") {
    if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) return `must be at least ${schema.minimum}`;
    if (value > (schema.maximum ?? Number.POSITIVE_INFINITY)) return `must be at most ${schema.maximum}`;
  }
  if (Array.isArray(value) && value.length < (schema.minItems ?? 0)) return "must not be empty";
  return undefined;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  null: "null",
};

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return type === "null" ? value === null : typeof value === type;
  }
}

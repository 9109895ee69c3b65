import { closestWord } from "@slipway/kernel";
import { isTypeProblem, problemOf } from "./value-problem.ts";

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
      const keys = Object.keys(properties);
      const near = closestWord(key, keys);
      const advice = near === null ? `; there are ${keys.join(", ")}` : `: did you mean ${near}`;
      return [{ path: at, message: `is not known${advice}` }];
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
  const wanted = [...new Set(all.map((problems) => problems[0]!.message))];
  // Of no type that it may have; otherwise the description says more than the patterns of each shape.
  if (wanted.every(isTypeProblem)) {
    const types = wanted.map((message) => message.replace(/^must be /, ""));
    return [{ path, message: `must be ${types.join(" or ")}` }];
  }
  if (description !== undefined) return [{ path, message: `is not understood: ${description}` }];
  return [{ path, message: wanted.join(", or ") }];
}

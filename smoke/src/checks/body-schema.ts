import type { StandardSchema } from "../definition/common.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import type { Finding } from "../engine/report.ts";

/** Judges a whole body by a Standard Schema, or by a JSON Schema, which is made into one first. */
export async function judgeSchema(
  document: unknown,
  schema: NonNullable<HttpExpectation["schema"]>,
): Promise<Finding[]> {
  const standard = isStandard(schema) ? schema : await fromJsonSchema(schema);
  const { issues } = await standard["~standard"].validate(document);
  if (issues === undefined) return [{ ok: true, what: "schema", expected: "valid", seen: "valid" }];
  return issues.map(({ path, message }) => ({
    ok: false,
    what: `schema ${pathText(path ?? [])}`,
    expected: "valid",
    seen: message,
    failure: "assertion",
  }));
}

/** Whether a schema is a validator (TypeScript) and not a JSON Schema document. */
export function isStandard(schema: object): schema is StandardSchema {
  return "~standard" in schema;
}

// zod is large and only wanted here, so it is loaded when the first JSON Schema is met.
async function fromJsonSchema(schema: Readonly<Record<string, unknown>>): Promise<StandardSchema> {
  const { fromJSONSchema } = await import("zod");
  return fromJSONSchema(schema) as StandardSchema;
}

function pathText(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  const keys = path.map((part) => (typeof part === "object" ? part.key : part));
  return `$${keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("")}`;
}

import { stackConfigJsonSchema } from "./stack-config.ts";

/**
 * The format of a `Pulumi.<env>.yaml`, for editors: Slipway's keys with their prefix, other namespaces left
 * alone.
 */
export function stackFileJsonSchema(): unknown {
  const { properties, required } = stackConfigJsonSchema() as {
    properties: Record<string, unknown>;
    required: string[];
  };
  const prefixed = Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [`slipway:${key}`, schema]),
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A stack file with Slipway's settings",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: prefixed,
        propertyNames: { anyOf: [{ enum: Object.keys(prefixed) }, { not: { pattern: "^slipway:" } }] },
        required: required.map((key) => `slipway:${key}`),
      },
    },
    required: ["config"],
  };
}

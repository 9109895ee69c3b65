import { fileURLToPath } from "node:url";
import { manifestJsonSchema } from "./manifest/manifest-schema.ts";
import { productJsonSchema } from "./product/product.ts";
import { stackFileJsonSchema } from "./stack/stack-file-schema.ts";

/** Where the generated JSON Schemas lie. */
export const schemaFolder = fileURLToPath(new URL("../../docs/schema", import.meta.url));

/** The JSON Schemas of the files that people and tools write and read, by file name. */
export function schemaFiles(): Record<string, unknown> {
  return {
    "manifest.schema.json": { title: "A release's manifest", ...(manifestJsonSchema() as object) },
    "product.schema.json": { title: "A product file", ...(productJsonSchema() as object) },
    "stack-config.schema.json": stackFileJsonSchema(),
  };
}

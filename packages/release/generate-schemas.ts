// Writes the JSON Schemas of packages/docs/schema/ anew. Run it after a change of a schema: npm run schemas -w @slipway/release
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaFiles, schemaFolder } from "./src/schema-files.ts";

mkdirSync(schemaFolder, { recursive: true });
for (const [name, schema] of Object.entries(schemaFiles())) {
  writeFileSync(join(schemaFolder, name), `${JSON.stringify(schema, null, 2)}\n`);
}

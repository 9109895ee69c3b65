import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { schemaFiles, schemaFolder } from "./schema-files.ts";

test.each(Object.entries(schemaFiles()))(
  "%s is what the source gives: npm run schemas -w @slipway/release",
  (name, schema) => {
    expect(JSON.parse(readFileSync(join(schemaFolder, name), "utf8"))).toEqual(schema);
  },
);

test("no schema is left that nothing generates", () => {
  expect(readdirSync(schemaFolder).sort()).toEqual(Object.keys(schemaFiles()).sort());
});

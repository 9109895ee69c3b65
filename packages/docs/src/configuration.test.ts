import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProduct, readStackFile, stackConfigJsonSchema } from "@slipway/release";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { readFromRoot } from "./repository.ts";

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

const guide = readFromRoot("packages/docs/guides/configuration.md");
const [, stack = "", product = ""] = guide.split(/^## .*file$/m);
const scratch = mkdtempSync(join(tmpdir(), "slipway-docs-"));
afterAll(() => rmSync(scratch, { recursive: true }));

test("every key of the stack file is in the guide, and no other", () => {
  const { properties = {} } = stackConfigJsonSchema() as JsonSchema;
  const keys = Object.entries(properties).flatMap(([key, { properties: inner }]) =>
    key === "rollout" ? Object.keys(inner ?? {}).map((name) => `rollout.${name}`) : [key],
  );
  expect(keysOfTable(stack)).toEqual(keys.sort());
});

test("every key of the product file is in the guide, and no other", () => {
  const service = { build: ["a"], output: "dist", command: ["a"] };
  const whole = { name: "shop", services: { api: service }, smoke: "smoke.yaml" };
  const { services, ...others } = readProduct(written("product.yaml", stringify(whole)));
  const keys = [
    ...Object.keys(others),
    ...Object.keys(services.api ?? {}).map((key) => `services.<name>.${key}`),
  ];
  expect(keysOfTable(product)).toEqual(keys.sort());
});

test("the examples of the guides are valid", () => {
  const guides = ["configuration", "first-project", "migrations"].map((name) =>
    readFromRoot(`packages/docs/guides/${name}.md`),
  );
  const blocks = guides.flatMap((text) =>
    [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = ""]) => block),
  );
  const stacks = blocks.filter((block) => block.startsWith("config:"));
  const products = blocks.filter((block) => block.includes("\nservices:"));
  expect([stacks.length, products.length]).toEqual([3, 2]);
  for (const block of stacks) expect(readStackFile(written("Pulumi.dev.yaml", block)).release).toBeTruthy();
  for (const block of products)
    expect(readProduct(written("product.yaml", block)).services).toHaveProperty("api");
});

function written(name: string, text: string): string {
  const file = join(scratch, name);
  writeFileSync(file, text);
  return file;
}

function keysOfTable(section: string): string[] {
  const table = section.split("\n## ")[0] ?? "";
  return [...table.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, key = ""]) => key).sort();
}

import { productJsonSchema } from "@slipway/release";
import { stackConfigJsonSchema } from "@slipway/release/stack-config";
import { expect, test } from "vitest";
import { readFromRoot } from "./repository.ts";

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
}

const guide = readFromRoot("packages/docs/guides/configuration.md");
const [, stack = "", product = ""] = guide.split(/^## .*file$/m);

test("every key of the stack file is in the guide, and no other", () => {
  expect(keysOfTable(stack)).toEqual(keysOf(stackConfigJsonSchema() as JsonSchema, ["rollout"]).sort());
});

test("every key of the product file is in the guide, and no other", () => {
  expect(keysOfTable(product)).toEqual(keysOf(productJsonSchema() as JsonSchema, ["services"]).sort());
});

function keysOfTable(section: string): string[] {
  const table = section.split("\n## ")[0] ?? "";
  return [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = ""]) => key).sort();
}

function keysOf({ properties = {} }: JsonSchema, opened: readonly string[]): string[] {
  return Object.entries(properties).flatMap(([key, member]) => {
    if (!opened.includes(key)) return [key];
    const { additionalProperties } = member;
    const inner = typeof additionalProperties === "object" ? additionalProperties : member;
    const prefix = inner === member ? key : `${key}.<name>`;
    return keysOf(inner, []).map((name) => `${prefix}.${name}`);
  });
}

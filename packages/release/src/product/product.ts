import { existsSync, readFileSync } from "node:fs";
import { SlipwayError } from "@slipway/kernel";
import { parse } from "yaml";
import { z } from "zod";
import { explainIssues } from "./explain-issues.ts";

const path = z.string().startsWith("/");

const service = z.strictObject({
  build: z.array(z.string()).min(1).describe("Program and arguments; {version} and {output} are filled in"),
  command: z
    .array(z.string())
    .min(1)
    .describe("Program and arguments, run in the unpacked artifact; node is the Node that Slipway runs with"),
  path: path.default("/").describe("The public path prefix"),
  port: z.string().default("PORT").describe("Name of the variable that carries the port to listen on"),
  health: z
    .strictObject({
      live: path.default("/healthz"),
      ready: path.default("/readyz"),
      meta: path.default("/meta"),
    })
    .prefault({})
    .describe("The paths of the HTTP contract"),
  env: z.array(z.string()).default([]).describe("Names of the variables that it needs"),
});

/** What a product's releases are made of. Unknown keys are errors. */
export const productSchema = z.strictObject({
  name: z.string().optional(),
  services: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and dashes"),
    service,
  ),
  migrations: z.string().default("../migrations").describe("Folder of the migrations, relative to this file"),
  config: z.record(z.string(), z.string()).default({}).describe("Variables that every service gets"),
  smoke: z.string().optional().describe("File of the product's smoke checks, relative to this file"),
});

/** A product, with its defaults filled in. */
export type Product = z.infer<typeof productSchema>;

/** Reads a product file. @throws {SlipwayError} PRODUCT_INVALID. */
export function readProduct(file: string): Product {
  if (!existsSync(file))
    throw new SlipwayError("PRODUCT_INVALID", {
      what: `Cannot read "${file}"`,
      why: "there is no such file",
      todo: "Write stacks/product.yaml",
    });
  let value: unknown;
  try {
    value = parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new SlipwayError("PRODUCT_INVALID", {
      what: `Cannot read "${file}"`,
      why: (cause as Error).message.split("\n")[0] ?? "",
      cause,
    });
  }
  const parsed = productSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SlipwayError("PRODUCT_INVALID", {
    what: `Cannot use "${file}"`,
    why: explainIssues(parsed.error, productSchema),
  });
}

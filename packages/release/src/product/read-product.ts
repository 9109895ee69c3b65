import { dirname, resolve } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { z } from "zod";
import type { SmokeRef } from "../manifest/manifest.ts";
import { explainIssues } from "../problems/explain-issues.ts";
import { readYaml } from "../problems/yaml-source.ts";
import { type Product, productSchema } from "./product.ts";

// The smoke package knows what a check is; here it only has to be there, and to be JSON.
const smokeSchema = z.object({ checks: z.array(z.json()).min(1, "is empty") }).catchall(z.json());

/**
 * Reads a product file.
 *
 * @throws {SlipwayError} PRODUCT_INVALID with the line, the path and, for an unknown key, the one that was probably
 *   meant.
 */
export function readProduct(file: string): Product {
  return check(file, productSchema);
}

/**
 * The product's smoke checks, to be put into a manifest; null where the product names none. A list is the list of
 * the checks.
 *
 * @param file the product file, which `smoke` is relative to.
 * @throws {SlipwayError} PRODUCT_INVALID, for an empty list too: nothing checked is not a pass.
 */
export function readSmoke(file: string, { smoke }: Pick<Product, "smoke">): SmokeRef {
  if (smoke === undefined) return null;
  const suite = z.preprocess((value) => (Array.isArray(value) ? { checks: value } : value), smokeSchema);
  return check(resolve(dirname(file), smoke), suite);
}

function check<T>(file: string, schema: z.ZodType<T>): T {
  const { value, lineOf } = readYaml(file, "PRODUCT_INVALID");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SlipwayError("PRODUCT_INVALID", {
    what: `Cannot use "${file}"`,
    why: explainIssues(parsed.error, schema, value, { lineOf }),
  });
}

import { dirname, join, resolve } from "node:path";
import { readProduct } from "@slipway/release";
import { findProject } from "../project.ts";

/**
 * The migrations folder of the project around a folder, as stacks/product.yaml names it.
 *
 * @throws {SlipwayError} PROJECT_NOT_FOUND, PRODUCT_INVALID.
 */
export function migrationsFolder(from: string): string {
  const file = join(findProject(from).stacks, "product.yaml");
  return resolve(dirname(file), readProduct(file).migrations);
}

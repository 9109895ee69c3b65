import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, which is the example product's root. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

export const manifestsFolder = join(root, "stacks", "releases");
export const migrationsFolder = join(root, "migrations");

/** The releases of the example, with the last migration and the flags of each. */
export const exampleReleases = [
  { version: "1.0.0", head: "20260105090000_shop", flags: [] },
  { version: "1.1.0", head: "20260112090000_discounts", flags: ["discounts"] },
  { version: "1.2.0", head: "20260119090000_order_notes", flags: ["discounts"] },
  { version: "1.3.0", head: "20260126090001_drop_product_name", flags: ["discounts"] },
] as const;

/** All migrations of the example, in their order. */
export const exampleMigrations: readonly string[] = [
  "20260105090000_shop",
  "20260112090000_discounts",
  "20260119090000_order_notes",
  "20260126090000_product_title",
  "20260126090001_drop_product_name",
];

/** The migrations of a release. */
export function migrationsOf(version: string): readonly string[] {
  const head = exampleReleases.find((release) => release.version === version)?.head ?? "";
  return exampleMigrations.slice(0, exampleMigrations.indexOf(head) + 1);
}

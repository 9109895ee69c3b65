import { escapeIdentifier } from "pg";

/** Writes a name as SQL, each part quoted: `["app", "orders"]` is `"app"."orders"`. */
export function quoteName(parts: readonly string[]): string {
  return parts.map((part) => escapeIdentifier(part)).join(".");
}

import { sha256 } from "@slipway/kernel";

/** Postgres cuts longer names, silently. */
const LONGEST_NAME = 63;

/**
 * The name under which a table's rows are saved: `<migration>__<table>`, with the schema where it is not `public`, shortened
 * with a hash where it is too long, numbered where it is taken.
 *
 * @param table schema and table as SQL: `"public"."orders"`.
 * @example
 * savedTableName("2_orders", '"public"."orders"', new Set()); // "2_orders__orders"
 */
export function savedTableName(id: string, table: string, taken: ReadonlySet<string>): string {
  const plain = table.replace(/^"public"\./, "").replaceAll('"', "");
  for (let number = 1; ; number++) {
    const name = shorten(`${id}__${plain}`, number === 1 ? "" : `__${number}`);
    if (!taken.has(name)) return name;
  }
}

function shorten(name: string, suffix: string): string {
  if (Buffer.byteLength(name + suffix) <= LONGEST_NAME) return name + suffix;
  const ending = `_${sha256(name).slice(0, 8)}${suffix}`;
  let head = name;
  while (Buffer.byteLength(head + ending) > LONGEST_NAME) head = head.slice(0, -1);
  return head + ending;
}

import type { Database } from "@slipway/ledger";
import { quoteName } from "../../sql/quote-name.ts";
import type { TableFacts } from "./table-facts.ts";

/** The rows of one table at one moment. */
export interface TableRows {
  readonly table: string;
  readonly count: number;
  /** Whether all rows were hashed, the first of them by the primary key, or none. */
  readonly compared: "all" | "first" | "none";
  /** By column number: an order-independent hash of its values. */
  readonly columns: ReadonlyMap<number, { readonly name: string; readonly hash: string | null }>;
}

/** Tables with more rows are hashed up to here, by their primary key; without one they are only counted. */
export const ROW_CAP = 100_000;

/**
 * Counts and hashes the rows of tables: per column, each value together with the row's primary key, so that values
 * that change places between rows are seen. In one round trip.
 */
export async function probeRows(
  db: Database,
  tables: readonly TableFacts[],
  cap: number = ROW_CAP,
): Promise<Map<number, TableRows>> {
  if (tables.length === 0) return new Map();
  const rows = await db.query<{ oid: string; count: string; hashes: (string | null)[] }>(
    tables.map((table) => probeStatement(table, cap)).join(" union all "),
  );
  const probed = new Map(rows.map((row) => [Number(row.oid), row]));
  return new Map(
    tables.map((table) => {
      const { count: counted, hashes } = probed.get(table.oid)!;
      const count = Number(counted);
      // Without a key it is left to chance which rows a limit leaves.
      const compared = count <= cap ? "all" : table.key.length > 0 ? "first" : "none";
      const columns = new Map(
        table.columns.map(({ number, name }, index) => [
          number,
          { name, hash: compared === "none" ? null : (hashes[index] ?? null) },
        ]),
      );
      return [table.oid, { table: table.name, count, compared, columns }];
    }),
  );
}

function probeStatement({ oid, name, columns, key }: TableFacts, cap: number): string {
  const column = (number: number) => quoteName([columns.find((one) => one.number === number)!.name]);
  const keys = key.map((number) => `t.${column(number)}::text`);
  const hashes = columns.map(
    ({ number }) =>
      `sum(hashtextextended(row(${[...keys, `t.${column(number)}::text`].join(", ")})::text, 0)::numeric)::text`,
  );
  const order = key.length === 0 ? "" : ` order by ${key.map(column).join(", ")}`;
  return `select '${oid}' as oid, (select count(*) from ${name})::text as count, array[${hashes.join(", ")}]::text[] as hashes
    from (select * from ${name}${order} limit ${cap}) t`;
}

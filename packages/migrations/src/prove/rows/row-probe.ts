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
  const counts = await db.query<{ oid: string; count: string }>(
    tables
      .map(({ oid, name }) => `select '${oid}' as oid, count(*)::text as count from ${name}`)
      .join(" union all "),
  );
  const countOf = new Map(counts.map(({ oid, count }) => [Number(oid), Number(count)]));
  const hashed = tables.filter(({ oid, key }) => countOf.get(oid)! <= cap || key.length > 0);
  const hashes =
    hashed.length === 0
      ? []
      : await db.query<{ oid: string; hashes: (string | null)[] }>(
          hashed.map((table) => hashStatement(table, cap)).join(" union all "),
        );
  const hashesOf = new Map(hashes.map((row) => [Number(row.oid), row.hashes]));
  return new Map(
    tables.map((table) => {
      const count = countOf.get(table.oid)!;
      const own = hashesOf.get(table.oid);
      const compared = own === undefined ? "none" : count <= cap ? "all" : "first";
      const columns = new Map(
        table.columns.map(({ number, name }, index) => [number, { name, hash: own?.[index] ?? null }]),
      );
      return [table.oid, { table: table.name, count, compared, columns }];
    }),
  );
}

function hashStatement({ oid, name, columns, key }: TableFacts, cap: number): string {
  const column = (number: number) => quoteName([columns.find((one) => one.number === number)!.name]);
  const keys = key.map((number) => `t.${column(number)}::text`);
  const hashes = columns.map(
    ({ number }) =>
      `sum(hashtextextended(row(${[...keys, `t.${column(number)}::text`].join(", ")})::text, 0)::numeric)::text`,
  );
  const from =
    key.length === 0
      ? name
      : `(select * from ${name} order by ${key.map(column).join(", ")} limit ${cap}) as t`;
  return `select '${oid}' as oid, array[${hashes.join(", ")}]::text[] as hashes from ${from}${key.length === 0 ? " as t" : ""}`;
}

import type { SavedColumn, SavedData } from "@slipway/ledger";
import { quoteName } from "../sql/quote-name.ts";

/**
 * SQL that puts a copy back by hand, where its table and columns are there again, as the next up of its migration would do
 * it; `null` where rows cannot be told apart,
 * because the table has no primary key or is not there.
 */
export function restoreSql(
  { name, source, what, columns }: Pick<SavedData, "name" | "source" | "what" | "columns">,
  all: readonly SavedColumn[],
): string | null {
  const copy = quoteName(["slipway_saved", name]);
  const value = ({ name, type, original }: SavedColumn) =>
    `s.${quoteName([name])}${original === null || original === type ? "" : `::${original}`}`;
  const there = all.filter(({ original }) => original !== null);
  if (what === "table") {
    // Once the migration is applied again the table has its columns; before, the copy's own are named.
    const list = there.length === 0 ? all : there;
    const names = list.map((column) => quoteName([column.name])).join(", ");
    return `insert into ${source} (${names}) overriding system value select ${list.map(value).join(", ")} from ${copy} s on conflict do nothing;`;
  }
  const key = there.filter((column) => column.key);
  const lost = all.filter((column) => !column.key && (columns === null || columns.includes(column.name)));
  if (key.length === 0 || lost.length === 0) return null;
  const assign = lost.map((column) => `${quoteName([column.name])} = ${value(column)}`).join(", ");
  const match = key.map((column) => `t.${quoteName([column.name])} = ${value(column)}`).join(" and ");
  return `update ${source} t set ${assign} from ${copy} s where ${match};`;
}

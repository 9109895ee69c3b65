import type { SavedData } from "@slipway/ledger";

/**
 * How putting one copy back went, for people.
 *
 * @example
 * describePutBack(saved); // 'put back 2,903 of 2,904 rows of orders.note; 1 stays in slipway_saved.2_note__orders'
 */
export function describePutBack({ name, source, columns, rows, putBack }: SavedData): string {
  const table = source.replace(/^"public"\./, "").replaceAll('"', "");
  const of = columns === null ? table : columns.map((column) => `${table}.${column}`).join(", ");
  if (putBack === null)
    return `${count(rows)} of ${of} stay in slipway_saved.${name}: a newer copy went first`;
  const { putBack: put, kept, note } = putBack;
  const why = note === null ? "" : ` (${note})`;
  const done = `put back ${put.toLocaleString("en")} of ${count(put + kept)} of ${of}`;
  return kept === 0 ? `${done}${why}` : `${done}; the others stay in slipway_saved.${name}${why}`;
}

function count(rows: number): string {
  return `${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}`;
}

import type { SavedColumn, SavedData } from "@slipway/ledger";
import { restoreSql } from "@slipway/migrations";
import { age } from "../../age.ts";
import { bytesText, stateOf } from "./render-saved.ts";

/** One copy for people: what it is and how it comes back. No row is shown: rows may hold secrets. */
export function renderCopy(saved: SavedData, columns: readonly SavedColumn[], now: number): string {
  const shown = columns.map(({ name, type, original, key }) => {
    const was = original === null || original === type ? "" : `, ${original} in the table`;
    return `    ${name} ${type}${was}${key ? " (key)" : ""}`;
  });
  const what = {
    table: "the whole table",
    rows: "rows that the rollback changed",
    columns: `the columns ${saved.columns?.join(", ")}, by the primary key`,
  }[saved.what];
  const sql = restoreSql(saved, columns);
  return [
    `slipway_saved.${saved.name}: ${what}`,
    `  from     ${saved.source}, by the rollback of ${saved.migration}`,
    `  saved    ${age(saved.savedAt, now)} by ${saved.savedBy}, ${saved.rows.toLocaleString("en")} ${saved.rows === 1 ? "row" : "rows"}, ${bytesText(saved.bytes)}`,
    `  state    ${stateOf(saved)}`,
    "  columns",
    ...shown,
    ...(sql === null
      ? ["  restore  by itself, with the next up of the migration; by hand rows have to be told apart first"]
      : [
          "  restore  by itself, with the next up of the migration; by hand, once the table has it all again:",
          `    ${sql}`,
        ]),
  ].join("\n");
}

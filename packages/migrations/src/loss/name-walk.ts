import { nameKey } from "../sql/syntax-tree.ts";
import type { NameChange, NameParts } from "./rollback-effects.ts";

/** What a name stands for at one point of a chain of rollbacks, told in names of today. */
export type Whereabouts =
  | { readonly state: "present"; readonly name: NameParts }
  /** Made by the rollbacks themselves: holds nothing that exists now. */
  | { readonly state: "new" }
  /** Dropped, or renamed away, earlier in the chain. */
  | { readonly state: "gone" };

/** Follows the names of tables and columns through rollbacks, which see the schema as it was, not as it is. */
export interface NameWalk {
  table(name: NameParts): Whereabouts;
  /** A column's name of today; its table has to be `present`. */
  column(table: NameParts, column: string): Whereabouts;
  change(change: NameChange): void;
  dropTable(name: NameParts): void;
  dropColumn(table: NameParts, column: string): void;
}

/**
 * Starts a walk at the present names.
 *
 * @example
 * const walk = startNameWalk();
 * walk.change({ does: "rename-table", table: ["clients"], to: ["customers"] });
 * walk.table(["customers"]); // { state: "present", name: ["clients"] }
 */
export function startNameWalk(): NameWalk {
  const tables = new Map<string, Whereabouts>();
  const columns = new Map<string, Whereabouts>();
  const table = (name: NameParts) => tables.get(nameKey(name)) ?? { state: "present", name };
  // Columns are kept by today's name of their table, so that renaming the table does not lose them.
  const columnKey = (name: NameParts, column: string) => {
    const at = table(name);
    return JSON.stringify([
      at.state === "present" ? nameKey(at.name) : `${at.state} ${nameKey(name)}`,
      column,
    ]);
  };
  const column = (name: NameParts, of: string) =>
    columns.get(columnKey(name, of)) ?? { state: "present", name: [of] };
  return {
    table,
    column,
    dropTable: (name) => void tables.set(nameKey(name), { state: "gone" }),
    dropColumn: (name, of) => void columns.set(columnKey(name, of), { state: "gone" }),
    change(change) {
      if (change.does === "create-table") tables.set(nameKey(change.table), { state: "new" });
      if (change.does === "add-column") columns.set(columnKey(change.table, change.column), { state: "new" });
      if (change.does === "rename-table") {
        tables.set(nameKey(change.to), table(change.table));
        tables.set(nameKey(change.table), { state: "gone" });
      }
      if (change.does === "rename-column") {
        columns.set(columnKey(change.table, change.to), column(change.table, change.column));
        columns.set(columnKey(change.table, change.column), { state: "gone" });
      }
    },
  };
}

import { SlipwayError } from "@slipway/kernel";
import type { Kind } from "../migration.ts";

/** One thing that a rollback would take away. */
export interface LossItem {
  readonly what: "table" | "column" | "values" | "rows" | "sequence" | "unknown";
  /** `orders`, `orders.note`, or for `unknown` what cannot be looked into. */
  readonly name: string;
  /** Rows whose data would be lost; `null` when nobody can tell beforehand. */
  readonly rows: number | null;
  /** True when counting stopped at its limit: there are at least {@link rows}. */
  readonly atLeast: boolean;
  /** Where the rollback does it: `rollbacks/2_orders.sql:3:1`. */
  readonly place: string;
}

/** What undoing one applied migration would cost now. */
export interface LossEstimate {
  readonly id: string;
  readonly kind: Kind;
  /** Empty: nothing is at stake. */
  readonly items: readonly LossItem[];
}

/** One item for people: `table orders (1,204 rows)`. */
export function describeLoss({ what, name, rows, atLeast, place }: LossItem): string {
  const count = rows === null ? "" : `${atLeast ? "at least " : ""}${rows.toLocaleString("en")} `;
  const things = rows === 1 && !atLeast ? ["row", "value"] : ["rows", "values"];
  switch (what) {
    case "table":
      return `table ${name} (${count}${things[0]})`;
    case "column":
      return `column ${name} (${count}${things[1]})`;
    case "values":
      return `the type of column ${name} (${count}${things[1]} may change)`;
    case "rows":
      return rows === null
        ? `rows of ${name}, how many is unknown (${place})`
        : `all rows of ${name} (${count.trimEnd()})`;
    case "sequence":
      return `the value of sequence ${name}`;
    case "unknown":
      return `what nobody can tell beforehand: ${name} (${place})`;
  }
}

/**
 * Decides whether migrations may be undone: `null`, or the refusal with the estimates in its text.
 *
 * @param allowLoss ids whose rollback may lose data.
 */
export function refuseLoss(
  estimates: readonly LossEstimate[],
  allowLoss: readonly string[],
): SlipwayError | null {
  const irreversible = estimates.filter(({ kind }) => kind === "irreversible").map(({ id }) => id);
  if (irreversible.length > 0) {
    return new SlipwayError("ROLLBACK_IRREVERSIBLE", {
      what: `Cannot undo ${quoted(irreversible)}`,
      why: "it was released as irreversible, without rollback SQL",
      todo: "Roll forward with a new release, or pin one that has the migration",
    });
  }
  const lossy = estimates.filter(({ id, items }) => items.length > 0 && !allowLoss.includes(id));
  if (lossy.length === 0) return null;
  const ids = lossy.map(({ id }) => id);
  const costs = lossy.map(({ id, items }) => `\n    ${id}: ${items.map(describeLoss).join("; ")}`);
  return new SlipwayError("ROLLBACK_LOSES_DATA", {
    what: `Cannot undo ${quoted(ids)}`,
    why: `data would be lost${costs.join("")}`,
    todo: `List ${ids.join(", ")} in slipway:allowDataLoss (what is dropped is saved to slipway_saved first), or roll forward`,
  });
}

function quoted(ids: readonly string[]): string {
  const names = ids.map((id) => `"${id}"`).join(", ");
  return `${ids.length === 1 ? "migration" : "migrations"} ${names}`;
}

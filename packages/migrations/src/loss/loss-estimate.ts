import { nameSome, SlipwayError } from "@slipway/kernel";
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
  /** Of {@link rows}, how many were written since the migration was applied; `null` where nobody knows. */
  readonly writtenSince: number | null;
  /** Where the rollback does it: `rollbacks/2_orders.sql:3:1`. */
  readonly place: string;
}

/** What is left where there is no way back. */
export interface Instead {
  /** Keys of flags that the newer releases brought. */
  readonly flags?: readonly string[];
  readonly environment?: string;
}

/** What undoing one applied migration would cost now. */
export interface LossEstimate {
  readonly id: string;
  readonly kind: Kind;
  /** Empty: nothing is at stake. */
  readonly items: readonly LossItem[];
}

/** One item for people: `table orders (1,204 rows, all written since)`. */
export function describeLoss({ what, name, rows, atLeast, writtenSince, place }: LossItem): string {
  const count = rows === null ? "" : `${atLeast ? "at least " : ""}${rows.toLocaleString("en")} `;
  const things = rows === 1 && !atLeast ? ["row", "value"] : ["rows", "values"];
  const since = writtenSince === null ? "" : rows === 1 ? ", written since" : ", all written since";
  switch (what) {
    case "table":
      return `table ${name} (${count}${things[0]}${since})`;
    case "column":
      return `column ${name} (${count}${things[1]}${since})`;
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
 * @param instead what to name to people who cannot go back.
 */
export function refuseLoss(
  estimates: readonly LossEstimate[],
  allowLoss: readonly string[],
  instead: Instead = {},
): SlipwayError | null {
  const irreversible = estimates.filter(({ kind }) => kind === "irreversible").map(({ id }) => id);
  if (irreversible.length > 0) {
    return new SlipwayError("ROLLBACK_IRREVERSIBLE", {
      what: `Cannot undo ${quoted(irreversible)}`,
      why: `${irreversible.length === 1 ? "it was" : "they were"} released as irreversible, without rollback SQL`,
      todo: insteadOf(irreversible[0]!, instead),
    });
  }
  const lossy = estimates.filter(({ id, items }) => items.length > 0 && !allowLoss.includes(id));
  if (lossy.length === 0) return null;
  const ids = lossy.map(({ id }) => id);
  const costs = lossy.map(
    ({ id, items }) => `\n    ${id}: ${items.map(describeLoss).join("; ")}${age(items)}`,
  );
  return new SlipwayError("ROLLBACK_LOSES_DATA", {
    what: `Cannot undo ${quoted(ids)}`,
    why: `data would be lost${costs.join("")}`,
    todo: `List ${ids.join(", ")} in slipway:allowDataLoss (what is dropped is saved to slipway_saved first), or roll forward`,
  });
}

const SHOWN_FLAGS = 3;

// The three speeds that are left: off in a second, forward in a release, or nothing until somebody knows more.
function insteadOf(id: string, { flags = [], environment }: Instead): string {
  const where = environment === undefined ? "" : ` --env ${environment}`;
  const off =
    flags.length === 0
      ? "no flag of these releases turns it off"
      : `turn off what came with it now: ${nameSome(
          flags.map((key) => `slipway flag kill ${key}${where} --reason <why>`),
          SHOWN_FLAGS,
        )}`;
  return `Roll forward: correct it in a new release, slipway cut and slipway up; until then, ${off}; or hold: leave the pin at a release that has "${id}"`;
}

// Said once for all of a migration: rows carry no time.
function age(items: readonly LossItem[]): string {
  const unknown = items.some(({ rows, writtenSince }) => rows !== null && writtenSince === null);
  return unknown ? "; how much of it was written since the migration is not known" : "";
}

function quoted(ids: readonly string[]): string {
  const names = ids.map((id) => `"${id}"`).join(", ");
  return `${ids.length === 1 ? "migration" : "migrations"} ${names}`;
}

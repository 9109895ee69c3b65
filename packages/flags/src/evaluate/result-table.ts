import type { FlagValue } from "../document/flag-value.ts";
import { type FlagReason, type FlagResult, flagResult } from "./flag-result.ts";

/** The results of one value by reason: made once, and shared by every call that ends in it. */
export class ResultTable {
  readonly #on: boolean;
  readonly #value: FlagValue;
  readonly #variant: string | null;
  readonly #made: Partial<Record<FlagReason, FlagResult>> = {};

  constructor(on: boolean, value: FlagValue, variant: string | null) {
    this.#on = on;
    this.#value = value;
    this.#variant = variant;
  }

  get(reason: FlagReason): FlagResult {
    const made = this.#made[reason];
    if (made !== undefined) return made;
    const result = flagResult(this.#on, this.#value, reason, this.#variant);
    this.#made[reason] = result;
    return result;
  }
}

/** The table of a value; those of plain booleans are the same for all flags. */
export function resultTable(on: boolean, value: FlagValue, variant: string | null): ResultTable {
  if (typeof value !== "boolean" || variant !== null) return new ResultTable(on, value, variant);
  return booleans[`${on}-${value}`];
}

const booleans: Readonly<Record<`${boolean}-${boolean}`, ResultTable>> = {
  "true-true": new ResultTable(true, true, null),
  "true-false": new ResultTable(true, false, null),
  "false-true": new ResultTable(false, true, null),
  "false-false": new ResultTable(false, false, null),
};

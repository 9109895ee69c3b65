import type { FlagDeclaration } from "../document/flag.ts";
import type { FlagValue } from "../document/flag-value.ts";
import { type FlagResult, flagResult } from "../evaluate/flag-result.ts";

/**
 * What flags are worth of which no state was ever known: their declared safe values. Made once, so that asking
 * allocates nothing.
 */
export class SafeValues {
  readonly #results = new Map<string, FlagResult>();

  add(key: string, { safeValue }: Pick<FlagDeclaration, "safeValue">): void {
    this.#results.set(key, typeof safeValue === "boolean" ? booleans[`${safeValue}`] : safe(safeValue));
  }

  get(key: string): FlagResult | undefined {
    return this.#results.get(key);
  }
}

const safe = (value: FlagValue): FlagResult => flagResult(value === true, value, "SAFE_VALUE");

const booleans = { true: safe(true), false: safe(false) };

/** The result for a key that nobody declared: the caller's own value. */
export function unknownResult(fallback: FlagValue, ready: boolean): FlagResult {
  if (fallback === false) return ready ? unknownFalse : unknownYet;
  return flagResult(fallback === true, fallback, "ERROR", null, ready ? "FLAG_NOT_FOUND" : "NOT_READY");
}

const unknownFalse = flagResult(false, false, "ERROR", null, "FLAG_NOT_FOUND");
const unknownYet = flagResult(false, false, "ERROR", null, "NOT_READY");

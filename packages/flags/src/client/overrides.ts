import type { FlagValue } from "../document/flag-value.ts";
import { asObject, within } from "../document/reading.ts";
import { type FlagResult, flagResult } from "../evaluate/flag-result.ts";

/**
 * The local override, for the day the store is down: values by key that beat every document, a kill included, in this
 * process only.
 *
 * @throws {FlagDocumentError} when it is no object.
 *
 * @example
 * parseOverrides({ "new-checkout": false });
 */
export function parseOverrides(input: unknown): ReadonlyMap<string, FlagResult> {
  const entries = Object.entries(within("override", input, asObject));
  return new Map(
    entries.map(([key, value]) => [key, flagResult(value !== false, value as FlagValue, "OVERRIDE")]),
  );
}

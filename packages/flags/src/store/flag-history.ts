import type { Database } from "@slipway/ledger";
import { callFlags } from "./call-flags.ts";

/** What happened to a flag, as the audit has it. */
export interface FlagEvent {
  /** The event's number in the audit. */
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly run: number | null;
  /** `flag.declared`, `flag.changed`, `flag.killed`, `flag.revived`, `flag.archived`, `flag.gate-issued`. */
  readonly kind: string;
  readonly key: string;
  /** Always `reason`; mostly `version`, `revision`, `source` and what was different `before` and `after`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What happened to a flag, or to all of them, newest first. Takes the right "killer".
 *
 * @param limit at most 1,000.
 * @throws {SlipwayError} FLAG_DENIED, DATABASE_FAILED.
 */
export function flagHistory(db: Database, key: string | null = null, limit = 100): Promise<FlagEvent[]> {
  return callFlags(db, "Cannot read the history of flags", "slipway_api.flag_history($1, $2)", [key, limit]);
}

import { createRedactor } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import { callFlags, recordableAuthor } from "./call-flags.ts";
import type { FlagAuthor } from "./flag-view.ts";

/** A permission to be given. */
export interface FlagGate extends FlagAuthor {
  readonly key: string;
  /** Percent that the flag may be raised to. */
  readonly maxRollout: number;
  /** Milliseconds until it expires. */
  readonly ttlMs: number;
}

/**
 * Gives out a permission to raise one flag, once, for a program that has only the right "killer": a gate hands it on
 * with its verdict. Takes the right "releaser" of the ledger's owner. Audited as `flag.gate-issued`, without the token.
 *
 * @returns the token: 64 hexadecimal characters. It is kept nowhere; the connection's redactor masks it from now on.
 * @throws {SlipwayError} FLAG_UNKNOWN, FLAG_DENIED.
 */
export async function issueFlagGate(db: Database, gate: FlagGate): Promise<string> {
  const { run = null, key, maxRollout, ttlMs } = gate;
  const [actor, reason] = recordableAuthor(db, gate);
  const what = `Cannot give out a permission for flag "${key}"`;
  const sql = "slipway.issue_flag_gate($1, $2, $3, $4, $5, $6)";
  const token = await callFlags<string>(db, what, sql, [run, actor, reason, key, maxRollout, ttlMs]);
  (db.redactor ?? createRedactor()).add(token);
  return token;
}

import { call } from "./call.ts";
import type { Database } from "./database.ts";
import type { AuditHead } from "./ledger-snapshot.ts";
import { recordableOptional, recordableText, recordableValue } from "./recordable.ts";

/** What is said about an event; the ledger adds number, time and hashes. */
export interface AuditEntry {
  readonly actor: string;
  readonly run: number | null;
  readonly kind: string;
  readonly subject: string | null;
  /** Secrets in texts are masked. Numbers must be integers: write others as text. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Appends an event to the audit. Inside a transaction all other writers wait for its end, so append last.
 *
 * @param token the lease's fencing token, or null for events that belong to no lease.
 * @returns the event's number and hash, now the audit's head.
 * @throws {SlipwayError} LEASE_LOST.
 * @throws {TypeError} for data that has no one way of being written: fractions, functions.
 */
export async function appendAudit(db: Database, token: number | null, entry: AuditEntry): Promise<AuditHead> {
  const { actor, run, kind, subject, data } = entry;
  const [row] = await call<{ seq: string; hash: string }>(
    db,
    `Cannot append "${kind}" to the audit`,
    "select seq, hash from slipway.append_event($1, $2, $3, $4, $5, $6)",
    [
      token,
      recordableText(db, actor),
      run,
      kind,
      recordableOptional(db, subject),
      JSON.stringify(recordableValue(db, data)),
    ],
  );
  if (row === undefined) throw new Error("slipway.append_event() gave no row");
  return { seq: Number(row.seq), hash: row.hash };
}

import type { Database } from "@slipway/ledger";
import { callFlags } from "./call-flags.ts";

/** A process that reads flags, as it was last heard. */
export interface FlagInstance {
  readonly instance: string;
  readonly epoch: string;
  /** What it has applied. */
  readonly revision: number;
  /** Milliseconds from noticing the change to evaluating with it, by its own clock. */
  readonly appliedMs: number | null;
  /** Whether it has applied the revision that was asked for, in the epoch that counts. */
  readonly applied: boolean;
  readonly appliedAt: string;
  /** When it was last heard, by the database's clock. */
  readonly seenAt: string;
  readonly silentMs: number;
}

/** A process that was not heard for so long is taken for gone: it ended without a word, or was cut off. */
export const GONE_MS = 600_000;

/**
 * The processes that were heard of in the last ten minutes and did not say goodbye. Takes the right "killer".
 *
 * @param revision what `applied` is asked of.
 * @throws {SlipwayError} FLAG_DENIED, DATABASE_FAILED.
 */
export async function flagInstances(
  db: Database,
  revision = 0,
  withinMs = GONE_MS,
): Promise<readonly FlagInstance[]> {
  const sql = "slipway_api.flag_acknowledgements($1, $2)";
  const params = [revision, withinMs];
  const { instances } = await callFlags<{ readonly instances: readonly FlagInstance[] }>(
    db,
    "Cannot read which processes have applied what",
    sql,
    params,
  );
  return instances;
}

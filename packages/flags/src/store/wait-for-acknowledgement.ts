import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@slipway/ledger";
import { type FlagInstance, flagInstances } from "./flag-instances.ts";

/** How long to wait, in milliseconds. */
export interface AcknowledgementOptions {
  /** 5,000 unless told. */
  readonly timeoutMs?: number;
  /** Who was not heard for so long before is not waited for, but reported: 30,000 unless told. */
  readonly quietMs?: number;
  readonly signal?: AbortSignal;
}

/** Which processes have applied a change. */
export interface Acknowledgement {
  readonly applied: number;
  /** All that were heard of in the last ten minutes and did not say goodbye. */
  readonly total: number;
  /** Those that have not applied it, and when each was last heard. */
  readonly silent: readonly { readonly instance: string; readonly since: string }[];
  /** Milliseconds waited. */
  readonly ms: number;
}

const POLL_MS = 100;

/**
 * Waits until every process that is heard has applied a revision, or the time is up. Notifications make it quick;
 * looking every 100 ms makes it sure.
 *
 * @param db must not be inside a transaction.
 * @throws {SlipwayError} FLAG_DENIED, DATABASE_FAILED; the signal's reason.
 * @example
 * const { applied, total, silent, ms } = await waitForAcknowledgement(db, revision);
 * // applied by 6 of 6 in 0.18 s
 */
export async function waitForAcknowledgement(
  db: Database,
  revision: number,
  { timeoutMs = 5_000, quietMs = 30_000, signal }: AcknowledgementOptions = {},
): Promise<Acknowledgement> {
  const start = performance.now();
  let hint = Promise.withResolvers<void>();
  // Before the first look, so that nothing falls between the two.
  const deafen = await db.listen?.("slipway_flag_acks", () => hint.resolve());
  try {
    for (;;) {
      signal?.throwIfAborted();
      hint = Promise.withResolvers();
      const instances = await flagInstances(db, revision);
      const ms = performance.now() - start;
      const missing = instances.filter(({ applied }) => !applied);
      if (ms >= timeoutMs || missing.every(({ silentMs }) => silentMs - ms > quietMs)) {
        return summary(instances, missing, ms);
      }
      await Promise.race([hint.promise, sleep(Math.min(POLL_MS, timeoutMs - ms), undefined, { signal })]);
    }
  } finally {
    deafen?.();
  }
}

function summary(
  instances: readonly FlagInstance[],
  missing: readonly FlagInstance[],
  ms: number,
): Acknowledgement {
  return {
    applied: instances.length - missing.length,
    total: instances.length,
    silent: missing.map(({ instance, seenAt }) => ({ instance, since: seenAt })),
    ms: Math.round(ms),
  };
}

import { killFlagsOfRelease } from "@slipway/flags/store";
import type { Database } from "@slipway/ledger";

/** A release that failed. */
export interface FailedRelease {
  readonly release: string;
  /** The run that failed; null where the ledger has none of this release. */
  readonly run: number | null;
  readonly actor: string;
  /** The error's code, or what else is known of it. For the audit. */
  readonly why: string;
}

/**
 * Kills the flags that a failed release brought, in the name of its run: what `onFailure: flag-off` means. May be done
 * again; what is killed already stays as it is.
 *
 * @returns the keys of those that were not killed already.
 * @throws {SlipwayError} FLAG_DENIED, DATABASE_FAILED.
 */
export async function killFlagsOfFailure(
  db: Database,
  { release, run, actor, why }: FailedRelease,
): Promise<readonly string[]> {
  const reason = `release ${release} failed with ${why}, and onFailure is flag-off`;
  const { keys } = await killFlagsOfRelease(db, { run, actor, reason, source: "on-failure", release });
  return keys;
}

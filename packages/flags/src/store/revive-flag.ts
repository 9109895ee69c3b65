import type { Database } from "@slipway/ledger";
import { callFlags, flagChanged, recordableAuthor } from "./call-flags.ts";
import type { FlagAuthor, FlagChanged } from "./flag-view.ts";

/** The end of a kill. */
export interface FlagRevival extends FlagAuthor {
  readonly key: string;
  /** The flag's version that it was decided on. */
  readonly expectedVersion: number;
  /** Percent to come back with: what the flag had, unless told; never more. */
  readonly rollout?: number | null;
  /** A gate's token, for a caller without the right "releaser". */
  readonly gate?: string | null;
}

/**
 * Brings a killed flag back as it was, for the same users. Takes the right "releaser" or a gate's token. Audited as
 * `flag.revived`; one that is not killed is left alone.
 *
 * @throws {SlipwayError} FLAG_CONFLICT, FLAG_DENIED, FLAG_INVALID, FLAG_UNKNOWN.
 */
export async function reviveFlag(db: Database, revival: FlagRevival): Promise<FlagChanged> {
  const { run = null, key, expectedVersion, rollout = null, gate = null } = revival;
  const [actor, reason, source] = recordableAuthor(db, revival);
  const what = `Cannot revive flag "${key}"`;
  const answer =
    run === null
      ? callFlags<FlagChanged>(db, what, "slipway_api.revive_flag($1, $2, $3, $4, $5, $6, $7)", [
          key,
          expectedVersion,
          reason,
          actor,
          source,
          rollout,
          gate,
        ])
      : callFlags<FlagChanged>(db, what, "slipway.revive_flag($1, $2, $3, $4, $5, $6, $7, $8)", [
          run,
          actor,
          reason,
          source,
          key,
          expectedVersion,
          rollout,
          gate,
        ]);
  return flagChanged(await answer);
}

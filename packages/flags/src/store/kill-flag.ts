import type { Database } from "@slipway/ledger";
import type { FlagRevision } from "../document/flag-revision.ts";
import { callFlags, flagChanged, recordableAuthor } from "./call-flags.ts";
import type { FlagAuthor, FlagChanged } from "./flag-view.ts";

/**
 * Switches a flag off now, for everybody, whatever its version, ramp or schedule; only `reviveFlag` brings it back.
 * Takes the right "killer". Killing a killed flag changes nothing, so it may be sent again at any time. Audited as
 * `flag.killed`; where the audit cannot take the event, the flag is off all the same and the event follows with the
 * next change.
 *
 * @throws {SlipwayError} FLAG_UNKNOWN, FLAG_DENIED, DATABASE_FAILED.
 * @example
 * const { revision } = await killFlag(db, { actor: "ann", reason: "errors in checkout", key: "new-checkout" });
 */
export async function killFlag(
  db: Database,
  killing: FlagAuthor & { readonly key: string },
): Promise<FlagChanged> {
  const { run = null, key } = killing;
  const [actor, reason, source] = recordableAuthor(db, killing);
  const what = `Cannot kill flag "${key}"`;
  const answer =
    run === null
      ? callFlags<FlagChanged>(db, what, "slipway_api.kill_flag($1, $2, $3, $4)", [
          key,
          reason,
          actor,
          source,
        ])
      : callFlags<FlagChanged>(db, what, "slipway.kill_flag($1, $2, $3, $4, $5)", [
          run,
          actor,
          reason,
          source,
          key,
        ]);
  return flagChanged(await answer);
}

/** Which flags of a release were killed, and what processes have to apply to know of it. */
export interface ReleaseKilled extends FlagRevision {
  /** Those that were not killed already. */
  readonly keys: readonly string[];
}

/**
 * Kills every flag that a release declared, in one step: all of them or none.
 *
 * @throws {SlipwayError} FLAG_DENIED, DATABASE_FAILED.
 */
export async function killFlagsOfRelease(
  db: Database,
  killing: FlagAuthor & { readonly release: string },
): Promise<ReleaseKilled> {
  const { run = null, release } = killing;
  const [actor, reason, source] = recordableAuthor(db, killing);
  const what = `Cannot kill the flags of release "${release}"`;
  return run === null
    ? callFlags(db, what, "slipway_api.kill_flags_of_release($1, $2, $3, $4)", [
        release,
        reason,
        actor,
        source,
      ])
    : callFlags(db, what, "slipway.kill_flags_of_release($1, $2, $3, $4, $5)", [
        run,
        actor,
        reason,
        source,
        release,
      ]);
}

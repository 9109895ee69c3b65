import type { Database } from "@slipway/ledger";
import type { FlagState, Targeting } from "../document/flag.ts";
import { callFlags, flagChanged, recordableAuthor } from "./call-flags.ts";
import type { FlagAuthor, FlagChanged } from "./flag-view.ts";

/** What of a flag's state is to be different; what is left out stays. */
export type FlagChange = Partial<Pick<FlagState, "enabled" | "rollout"> & Targeting>;

/** A change of a flag's state. */
export interface FlagSetting extends FlagAuthor {
  readonly key: string;
  readonly change: FlagChange;
  /** The flag's version that the change was decided on. */
  readonly expectedVersion: number;
  /** A gate's token (see `issueFlagGate`), for a caller without the right "releaser". */
  readonly gate?: string | null;
}

/**
 * Changes what the runtime owns of a flag. Off or down takes the right "killer", on, up or other targeting the right
 * "releaser" or a gate's token. Audited as `flag.changed`; the same state again changes nothing.
 *
 * @throws {SlipwayError} FLAG_CONFLICT (it has another version), FLAG_KILLED (whatever the change), FLAG_DENIED,
 *   FLAG_INVALID, FLAG_UNKNOWN (archived ones too).
 * @example
 * await setFlag(db, { actor: "ann", key: "new-checkout", change: { enabled: true, rollout: 10 }, expectedVersion: 3 });
 */
export async function setFlag(db: Database, setting: FlagSetting): Promise<FlagChanged> {
  const { run = null, key, change, expectedVersion, gate = null } = setting;
  const [actor, reason, source] = recordableAuthor(db, setting);
  const what = `Cannot change flag "${key}"`;
  const text = JSON.stringify(change);
  const answer =
    run === null
      ? callFlags<FlagChanged>(db, what, "slipway_api.set_flag($1, $2, $3, $4, $5, $6, $7)", [
          key,
          text,
          expectedVersion,
          reason,
          actor,
          source,
          gate,
        ])
      : callFlags<FlagChanged>(db, what, "slipway.set_flag($1, $2, $3, $4, $5, $6, $7, $8)", [
          run,
          actor,
          reason,
          source,
          key,
          text,
          expectedVersion,
          gate,
        ]);
  return flagChanged(await answer);
}

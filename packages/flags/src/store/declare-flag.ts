import type { Database } from "@slipway/ledger";
import type { FlagDeclaration } from "../document/flag.ts";
import { callFlags, flagChanged, recordableAuthor } from "./call-flags.ts";
import type { FlagAuthor, FlagChanged } from "./flag-view.ts";

/** What the stack says of a flag. */
export interface FlagDeclaring extends FlagAuthor {
  /** The lease's fencing token; null where no run is. */
  readonly token: number | null;
  readonly key: string;
  readonly declaration: FlagDeclaration;
}

/**
 * Makes a flag, or brings its declaration up to date. What the runtime owns stays: on or off, rollout, rules, and
 * above all a kill. A flag that was archived comes back as it was; `initial` counts only when it is made. Audited as
 * `flag.declared`; the same again changes nothing.
 *
 * @throws {SlipwayError} FLAG_INVALID (also for a new salt or stickiness once somebody had the flag on), LEASE_LOST.
 * @example
 * await declareFlag(db, { token, run, actor: "ann", key: "new-checkout", declaration: parseDeclaration(…) });
 */
export async function declareFlag(db: Database, declaring: FlagDeclaring): Promise<FlagChanged> {
  const { token, run = null, key, declaration } = declaring;
  const [actor, reason] = recordableAuthor(db, declaring);
  const params = [token, run, actor, reason, key, JSON.stringify(declaration)];
  const sql = "slipway.declare_flag($1, $2, $3, $4, $5, $6)";
  return flagChanged(await callFlags(db, `Cannot declare flag "${key}"`, sql, params));
}

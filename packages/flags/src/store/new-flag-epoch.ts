import type { Database } from "@slipway/ledger";
import type { FlagRevision } from "../document/flag-revision.ts";
import { callFlags, recordableAuthor } from "./call-flags.ts";
import type { FlagAuthor } from "./flag-view.ts";

/**
 * Tells every process to take the store as it is, though its revision may be lower than what it has. Needed only
 * after rows of flags were put back while the database ran: every other restore is noticed. Audited as
 * `flags.new-epoch`.
 *
 * @throws {SlipwayError} FLAG_DENIED, DATABASE_FAILED.
 */
export function newFlagEpoch(db: Database, author: FlagAuthor): Promise<FlagRevision> {
  const [actor, reason] = recordableAuthor(db, author);
  return callFlags(db, "Cannot start a new epoch of flags", "slipway.new_flag_epoch($1, $2)", [
    actor,
    reason,
  ]);
}

import type { Database } from "@slipway/ledger";
import { callFlags, flagChanged, recordableAuthor } from "./call-flags.ts";
import type { FlagAuthor, FlagChanged } from "./flag-view.ts";

/**
 * Archives a flag that left the product: off everywhere, and its row kept, so that a release that declares it again
 * finds it as it was. Audited as `flag.archived`; again changes nothing.
 *
 * @returns null when there never was such a flag.
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function archiveFlag(
  db: Database,
  archiving: FlagAuthor & { readonly token: number | null; readonly key: string },
): Promise<FlagChanged | null> {
  const { token, run = null, key } = archiving;
  const [actor, reason] = recordableAuthor(db, archiving);
  const params = [token, run, actor, reason, key];
  const sql = "slipway.archive_flag($1, $2, $3, $4, $5)";
  const answer = await callFlags<FlagChanged | null>(db, `Cannot archive flag "${key}"`, sql, params);
  return answer === null ? null : flagChanged(answer);
}

import type { Database } from "@slipway/ledger";
import type { Constraint } from "../document/constraint.ts";
import type { FlagRevision } from "../document/flag-revision.ts";
import { callFlags, recordableAuthor } from "./call-flags.ts";
import type { FlagAuthor } from "./flag-view.ts";

/** A segment to be written. */
export interface SegmentSetting extends Omit<FlagAuthor, "run"> {
  readonly id: string;
  readonly constraints: readonly Constraint[];
  /** The version that it was decided on; null for a segment that is new. */
  readonly expectedVersion: number | null;
}

/**
 * Writes a segment, and so changes every flag that names it. Only the ledger's owner may. Audited as `segment.changed`.
 *
 * @throws {SlipwayError} FLAG_CONFLICT, FLAG_DENIED, FLAG_INVALID.
 */
export async function setSegment(
  db: Database,
  setting: SegmentSetting,
): Promise<FlagRevision & { readonly version: number }> {
  const { id, constraints, expectedVersion } = setting;
  const [actor, reason, source] = recordableAuthor(db, setting);
  const params = [null, actor, reason, source, id, JSON.stringify(constraints), expectedVersion];
  return callFlags(
    db,
    `Cannot change segment "${id}"`,
    "slipway.set_segment($1, $2, $3, $4, $5, $6, $7)",
    params,
  );
}

import type { Segment } from "./constraint.ts";
import type { Flag } from "./flag.ts";
import type { FlagRevision } from "./flag-revision.ts";

/**
 * All flags of an environment at one revision: what sources hand out, what bootstraps and last-known
 * files contain.
 *
 * @example
 * { epoch: "0197f1c2", revision: 42, flags: [{ key: "new-checkout", declaration: {…}, state: {…} }], segments: [] }
 */
export interface FlagDocument extends FlagRevision {
  readonly flags: readonly Flag[];
  readonly segments: readonly Segment[];
}

import type { FlagRevision } from "../document/flag-revision.ts";
import type { FlagSourceFailure } from "../source/flag-source-error.ts";

/** Where a client's document came from. */
export type FlagOrigin = "bootstrap" | "last-known" | "store";

/** What a client tells its subscribers. */
export type FlagEvent =
  /** Another document counts from now on. `changed`: keys of flags that differ from before. */
  | (FlagRevision & {
      readonly kind: "applied";
      readonly origin: FlagOrigin;
      readonly changed: readonly string[];
      readonly appliedMs: number;
    })
  /** Flags in the override file beat the document from now on; empty: none does. */
  | { readonly kind: "overridden"; readonly keys: readonly string[] }
  /** The store has not confirmed the document for too long. Values stay what they were. */
  | { readonly kind: "stale"; readonly ageMs: number | null }
  | { readonly kind: "fresh" }
  /** Something went wrong that did not change any value; said once until it changes. */
  | { readonly kind: "problem"; readonly failure: FlagProblem; readonly message: string };

/** `document`: not valid, the last good one is kept. `file`: bootstrap, last-known or override. `listener`: yours threw. */
export type FlagProblem = FlagSourceFailure | "document" | "file" | "listener";

/** How up to date a client is. */
export interface FlagStatus {
  /** `READY`: confirmed by the store lately. `STALE`: serving what was last known. `NOT_READY`: knows nothing yet. */
  readonly state: "READY" | "STALE" | "NOT_READY" | "CLOSED";
  /** Null while there is no document. */
  readonly origin: FlagOrigin | null;
  readonly epoch: string | null;
  readonly revision: number | null;
  /** Milliseconds since the store last confirmed what is served; null when that is not known. */
  readonly ageMs: number | null;
  /** What went wrong last, until it goes right again. */
  readonly problem: { readonly failure: FlagProblem; readonly message: string } | null;
}

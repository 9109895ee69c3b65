import type { Flag } from "../document/flag.ts";
import type { FlagRevision } from "../document/flag-revision.ts";

/** A flag as the store keeps it, with what processes do not need to know. Times are the database's, ISO 8601, UTC. */
export interface FlagView extends Flag {
  /** Who killed it, when and why; null when it is not killed. */
  readonly kill: { readonly at: string; readonly by: string; readonly reason: string | null } | null;
  /** Since when somebody could have it on; null: never. From then on its salt stays. */
  readonly exposedAt: string | null;
  readonly archivedAt: string | null;
  readonly changedAt: string;
  /** The store's revision at which it changed last. */
  readonly revision: number;
}

/** What a change answers. `epoch` and `revision` are what processes have to apply to know of it. */
export interface FlagChanged extends FlagRevision {
  /** False when it was so already: nothing was written. */
  readonly changed: boolean;
  readonly flag: FlagView;
}

/** In whose name a flag changes. */
export interface FlagAuthor {
  /** A name for people: kept in the audit. */
  readonly actor: string;
  /** Kept in the audit, secrets masked. */
  readonly reason?: string | null;
  /** What asked for it: `cli` unless told; `ramp`, `gate`, `http`. */
  readonly source?: string;
  /** The run that it belongs to. Only the ledger's owner may name one. */
  readonly run?: number | null;
}

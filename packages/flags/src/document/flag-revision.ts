/** Where a document stands. Within an epoch, the higher revision is the newer one. */
export interface FlagRevision {
  /** Identity of the store's history; a restored database gets a new one. */
  readonly epoch: string;
  /** Counts the changes within the epoch, in commit order; an integer of 0 or more. */
  readonly revision: number;
}

/**
 * Whether what the store has replaces what a process has. Another epoch means that the store was
 * restored: it is the new truth, though its revision may be lower.
 */
export function replaces(found: FlagRevision, held: FlagRevision | null): boolean {
  return held === null || found.epoch !== held.epoch || found.revision > held.revision;
}

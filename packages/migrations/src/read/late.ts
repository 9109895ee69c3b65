/** Says that a migration is applied after one with a higher version, and why. */
export interface Late {
  /** The migration that it follows. */
  readonly after: string;
  readonly reason: string;
}

/** How it is written, at the top of the migration. */
export const LATE_FORM = "-- slipway: late after <migration> because <why>";

/** Reads what stands behind the word; `null` where it is not understood. */
export function readLate(words: string): Late | null {
  const [, after, reason] = /^after\s+(\d+_[a-z0-9_]+)(?:\.sql)?\s+because\s+(\S.*)$/.exec(words) ?? [];
  return after === undefined || reason === undefined ? null : { after, reason: reason.trim() };
}

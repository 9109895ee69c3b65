/** What is known of a chunk that is done. */
export interface ChunkFacts {
  readonly rows: number;
  readonly tookMs: number;
  /** Sessions that waited for locks of the chunk when it ended. */
  readonly waiters: number;
}

/** How large the next chunk of a backfill is, and what comes before it. */
export interface BackfillPace {
  readonly size: number;
  /** Learns from a chunk: how long to pause, and what to tell where others were kept waiting. */
  after(chunk: ChunkFacts): { readonly pauseMs: number; readonly note: string | null };
}

/** Whom a chunk keeps waiting for less than this is not slowed down by it. */
const HARMLESS_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
const GROWTH = 1.25;

/**
 * Sets the pace of a backfill. A chunk that kept others waiting is followed by a pause as long as itself, at most a second,
 * and by chunks of half its size; without others they grow back, a quarter at a time. With a rate, chunks hold at most
 * a second's rows, and a pause fills up the time that their rows may take.
 *
 * @param chunk rows of a chunk when nobody waits.
 * @param rate rows a second at most; null is without limit.
 * @example
 * const pace = backfillPace({ chunk: 1_000, rate: null });
 * pace.after({ rows: 1_000, tookMs: 400, waiters: 2 }); // { pauseMs: 400, note: "…" }; pace.size is 500
 */
export function backfillPace({
  chunk,
  rate,
}: {
  readonly chunk: number;
  readonly rate: number | null;
}): BackfillPace {
  const largest = Math.min(chunk, rate ?? chunk);
  let size = largest;
  return {
    get size() {
      return size;
    },
    after({ rows, tookMs, waiters }) {
      const owed = rate === null ? 0 : Math.max(0, (rows * 1_000) / rate - tookMs);
      if (waiters === 0 || tookMs < HARMLESS_MS) {
        size = Math.min(largest, Math.ceil(size * GROWTH));
        return { pauseMs: owed, note: null };
      }
      size = Math.max(1, Math.floor(size / 2));
      const pauseMs = Math.max(owed, Math.min(tookMs, LONGEST_PAUSE_MS));
      const others = waiters === 1 ? "1 session waits" : `${waiters} sessions wait`;
      return { pauseMs, note: `${others} for locks that it holds; chunks of ${size} rows now` };
    },
  };
}

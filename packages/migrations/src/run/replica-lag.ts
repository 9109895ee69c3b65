import type { Clock } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";

/** How far the replica that is farthest behind is. */
export interface ReplicaLag {
  readonly ms: number;
  /** Bytes of the log that it has not replayed; a replica that stands still tells no time. */
  readonly bytes: number;
}

const LARGEST_BYTES = 256 * 1024 * 1024;
const LOOK_EVERY_MS = 1_000;

/** Asks the server; nothing is behind where there are no replicas, or where the server tells us nothing of them. */
export async function replicaLag(db: Database): Promise<ReplicaLag> {
  const [row] = await db.query<{ ms: number; bytes: number }>(
    `select coalesce(max(extract(epoch from replay_lag) * 1000), 0)::float8 as ms,
       coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)::float8 as bytes
     from pg_stat_replication where state = 'streaming'`,
  );
  return row ?? { ms: 0, bytes: 0 };
}

/**
 * Waits until no replica is too far behind, telling each look that finds one.
 *
 * @param lag asks how far behind they are.
 */
export async function untilReplicasFollow(
  lag: () => Promise<ReplicaLag>,
  options: {
    readonly clock: Clock;
    readonly longestMs: number;
    readonly signal?: AbortSignal | undefined;
    readonly onWait: (text: string) => void;
  },
): Promise<void> {
  for (;;) {
    const { ms, bytes } = await lag();
    if (ms <= options.longestMs && bytes <= LARGEST_BYTES) return;
    options.onWait(`a replica is ${Math.round(ms / 1000)} s and ${Math.round(bytes / 1_048_576)} MB behind`);
    await options.clock.sleep(LOOK_EVERY_MS, options.signal);
  }
}

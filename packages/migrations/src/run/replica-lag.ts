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

/** Where the log was at one look. */
interface Seen {
  readonly at: number;
  readonly lsn: number;
}

/**
 * Makes what asks the server how far its replicas are behind; nothing is behind where there are none, or where the server
 * tells us nothing of them. The server's time may be one that was measured before replay came to a stand, so each look also
 * remembers where the log was: what was there then and is not replayed yet is behind by the time since.
 */
export function replicaLag(db: Database, { now }: Pick<Clock, "now">): () => Promise<ReplicaLag> {
  let seen: readonly Seen[] = [];
  return async () => {
    const at = now();
    const [row] = await db.query<{ ms: number; lsn: number; replayed: number | null }>(
      `select coalesce(max(extract(epoch from replay_lag) * 1000), 0)::float8 as ms,
         (pg_current_wal_lsn() - '0/0')::float8 as lsn, min(replay_lsn - '0/0')::float8 as replayed
       from pg_stat_replication where state in ('streaming', 'catchup')`,
    );
    if (row === undefined || row.replayed === null) {
      seen = [];
      return { ms: 0, bytes: 0 };
    }
    const { ms, lsn, replayed } = row;
    seen = [...seen.filter((look) => look.lsn > replayed), { at, lsn }];
    const [oldest] = seen;
    return { ms: Math.max(ms, oldest && oldest.lsn > replayed ? at - oldest.at : 0), bytes: lsn - replayed };
  };
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

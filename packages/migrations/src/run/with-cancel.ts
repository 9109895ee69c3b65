import type { Database } from "@slipway/ledger";
import { RUNS_MARKED } from "./run-marker.ts";

const REPEAT_MS = 250;

/**
 * Runs work; when the signal aborts, cancels from another connection the statements that run under an application
 * name. A cancel that arrives before the server has begun is lost, so it is repeated until the work has ended. Without
 * a signal, or on a connection that cannot open another one, this is the work alone.
 */
export async function withCancel<T>(
  db: Database,
  { signal, marker }: { readonly signal: AbortSignal | undefined; readonly marker: string },
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined || db.another === undefined) return work();
  const ended = Promise.withResolvers<void>();
  let cancelling: Promise<void> | undefined;
  const onAbort = () => {
    cancelling ??= cancelUntil(db, marker, ended.promise);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await work();
  } finally {
    signal.removeEventListener("abort", onAbort);
    ended.resolve();
    // A cancel still on its way would hit the next statement.
    await cancelling;
  }
}

async function cancelUntil(db: Database, marker: string, ended: Promise<void>): Promise<void> {
  let over = false;
  const end = ended.then(() => {
    over = true;
  });
  // Where no second connection is to be had, the work runs to its own end: slower, and just as safe.
  const second = await db.another?.({ background: true }).catch(() => null);
  if (!second) return;
  const running = `select pg_cancel_backend(a.pid) from pg_stat_activity a where ${RUNS_MARKED}`;
  try {
    while (!over) {
      await second.query(running, [marker]);
      await Promise.race([end, new Promise((resolve) => setTimeout(resolve, REPEAT_MS))]);
    }
  } catch {
    // The same: the work then ends by itself, or with its own error.
  } finally {
    await second.end();
  }
}

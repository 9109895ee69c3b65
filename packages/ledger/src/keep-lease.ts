import { setTimeout as sleep } from "node:timers/promises";
import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import type { Database } from "./database.ts";
import type { HeldLease } from "./lease.ts";

/** How a lease is kept alive. */
export interface KeepLeaseOptions {
  /** Milliseconds between heartbeats; a third of the lease's time to live is a good choice. */
  readonly everyMs: number;
  /** Called once, when the lease is lost, or can no longer be ours because nobody heard us for its whole time. */
  readonly onLost: (error: SlipwayError) => void;
}

/** A lease that is being kept. */
export interface KeptLease {
  /** No more heartbeats. The lease itself stays until it is released or expires. */
  stop(): void;
}

/**
 * Sends heartbeats for a lease until it is stopped or lost, on a connection of their own, so that a long
 * statement does not hold them up. Keeps no process alive. A heartbeat that does not get through is
 * followed by the next one, until the lease must have expired.
 *
 * @example
 * const kept = keepLease(held, { everyMs: 5_000, onLost: (error) => abort.abort(error) });
 */
export function keepLease(held: HeldLease, { everyMs, onLost }: KeepLeaseOptions): KeptLease {
  let own: Promise<Database> | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let heardAt = performance.now();

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
    closeOwn();
  }

  function closeOwn(): void {
    // Whether it was never made or ends badly: it is dropped either way.
    own?.then((db) => db.end()).catch(() => undefined);
    own = undefined;
  }

  function lost(error: SlipwayError): void {
    if (stopped) return;
    stop();
    onLost(error);
  }

  async function send(): Promise<void> {
    own ??= held.database.another?.({
      applicationName: "slipway lease",
      background: true,
      timeoutMs: held.ttlMs,
    });
    // A server that grants no second connection still hears us over the first one.
    const on = await own?.catch(() => undefined);
    if (on === undefined) own = undefined;
    await held.heartbeat(on);
  }

  async function beat(): Promise<void> {
    try {
      await Promise.race([send(), silence(held.ttlMs)]);
      heardAt = performance.now();
    } catch (error) {
      if (isSlipwayError(error) && error.code === "LEASE_LOST") return lost(error);
      closeOwn();
      if (performance.now() - heardAt >= held.ttlMs) return lost(expired(error, held));
    }
    schedule();
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => void beat(), everyMs);
    timer.unref();
  }

  schedule();
  return { stop };
}

/** Rejects after a time, for a network that swallows what is sent without a word. */
async function silence(ms: number): Promise<never> {
  await sleep(ms, undefined, { ref: false });
  throw new Error("no answer");
}

function expired(error: unknown, { ttlMs }: HeldLease): SlipwayError {
  return new SlipwayError("LEASE_LOST", {
    what: "The lease has expired",
    why: `no heartbeat got through for ${ttlMs} ms: ${error instanceof Error ? error.message : String(error)}`,
    cause: error,
  });
}

import { SlipwayError } from "@slipway/kernel";
import { call } from "./call.ts";
import type { Database } from "./database.ts";
import { databaseError, isPostgresError } from "./database-error.ts";
import type { Lease } from "./ledger-snapshot.ts";
import { recordableOptional, recordableText } from "./recordable.ts";

/** Who takes the lease, and for how long it lasts without a heartbeat. */
export interface LeaseRequest {
  /** A name for people. */
  readonly owner: string;
  /** What it is taken for: `release to 1.4.0`. */
  readonly reason: string;
  /** Milliseconds until it expires unless the holder is heard. */
  readonly ttlMs: number;
  readonly pid: number | null;
  readonly host: string | null;
  /** When the process started, as its system tells it: process numbers are used again. */
  readonly processStart: string | null;
  /** How long to wait for the last transaction of the holder before, in milliseconds; 10,000 unless told. */
  readonly waitMs?: number;
}

/** The lease in the hands of this process. */
export interface HeldLease {
  /** The fencing token: every mutation of the ledger carries it and is refused once it is not the newest. */
  readonly token: number;
  readonly ttlMs: number;
  /** The connection that it was taken with. */
  readonly database: Database;
  /**
   * Prolongs the lease by its time to live. One that expired without a taker comes back to life.
   *
   * @param on the connection to use, where the lease's own may be busy for long.
   * @throws {SlipwayError} LEASE_LOST.
   */
  heartbeat(on?: Database): Promise<void>;
  /** Gives the lease back. One that is lost already is left to whoever has it. */
  release(): Promise<void>;
}

const WAIT_MS = 10_000;
const WHAT = "Cannot take the environment's lease";

/**
 * Takes the lease of the environment, in one round trip. An expired one is taken over: the token grows, the
 * audit gets `lease.taken-over`, and the holder before can change nothing any more. A transaction that it
 * has in flight is waited for.
 *
 * @throws {SlipwayError} LEASE_HELD, which says who holds it, for what, since when and until when.
 */
export function acquireLease(db: Database, request: LeaseRequest): Promise<HeldLease> {
  return take(db, request, null);
}

/**
 * Takes over a lease that has not expired. Only for a caller who knows that the holder's process is gone:
 * the ledger cannot know that.
 *
 * @param deadToken the dead holder's token, as the caller saw it. When somebody else got it in the
 *   meantime, theirs stands.
 * @throws {SlipwayError} LEASE_HELD.
 */
export function takeOverDeadLease(
  db: Database,
  deadToken: number,
  request: LeaseRequest,
): Promise<HeldLease> {
  return take(db, request, deadToken);
}

async function take(db: Database, request: LeaseRequest, deadToken: number | null): Promise<HeldLease> {
  const { ttlMs, pid, host, processStart, waitMs = WAIT_MS } = request;
  if (!Number.isInteger(ttlMs) || ttlMs <= 0)
    throw new RangeError(`ttlMs must be a positive integer: it is ${ttlMs}`);
  if (!Number.isInteger(waitMs) || waitMs <= 0)
    throw new RangeError(`waitMs must be a positive integer: it is ${waitMs}`);
  const owner = recordableText(db, request.owner);
  const reason = recordableText(db, request.reason);
  const { acquired, lease } = await ask(db, waitMs, [
    owner,
    reason,
    ttlMs,
    pid,
    recordableOptional(db, host),
    recordableOptional(db, processStart),
    deadToken,
    waitMs,
  ]);
  if (!acquired) throw leaseHeld(lease);
  const { token } = lease;
  return {
    token,
    ttlMs,
    database: db,
    async heartbeat(on = db) {
      await call(on, "Cannot prolong the lease", "select slipway.heartbeat($1)", [token]);
    },
    async release() {
      await call(db, "Cannot give the lease back", "select slipway.release_lease($1)", [token]);
    },
  };
}

interface Answer {
  readonly acquired: boolean;
  /** The caller's when acquired, the holder's when not. */
  readonly lease: Lease;
}

async function ask(db: Database, waitMs: number, params: readonly unknown[]): Promise<Answer> {
  try {
    const [row] = await db.query<{ answer: Answer }>(
      "select slipway.acquire_lease($1, $2, $3, $4, $5, $6, $7, $8) as answer",
      params,
    );
    if (row === undefined) throw new Error("slipway.acquire_lease() gave no row");
    return row.answer;
  } catch (error) {
    if (!isPostgresError(error) || error.code !== "55P03") throw databaseError(error, WHAT);
    throw new SlipwayError("LEASE_HELD", {
      what: WHAT,
      why: `its last holder is gone, but a transaction of it was still at work after ${waitMs} ms`,
      todo: "Wait until that transaction has ended (select * from pg_stat_activity), then run again",
      cause: error,
    });
  }
}

function leaseHeld({ owner, reason, acquiredAt, expiresAt }: Lease): SlipwayError {
  return new SlipwayError("LEASE_HELD", {
    what: WHAT,
    why: `${owner} holds it for "${reason}" since ${acquiredAt}, until ${expiresAt} unless heard again`,
  });
}

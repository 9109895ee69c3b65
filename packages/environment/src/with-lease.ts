import { bootstrapLedger, type Database } from "@slipway/ledger";
import { actor } from "./lease-owner.ts";
import type { OpenEnvironment } from "./open-environment.ts";
import { runSession } from "./run-session.ts";

/** What work that is no run gets: the database, and the right to change it. */
export interface LeasedWork {
  readonly db: Database;
  /** The fencing token. */
  readonly token: number;
  readonly actor: string;
}

/**
 * Does some work on the ledger with the environment's lease held, and frees it after: for corrections that are no run.
 *
 * @param reason what others are told who want the lease meanwhile.
 * @throws {SlipwayError} LEASE_HELD.
 * @example
 * await withLease(environment, "adopt 3 migrations", ({ db, token }) => …);
 */
export async function withLease<T>(
  environment: OpenEnvironment,
  reason: string,
  work: (leased: LeasedWork) => Promise<T>,
): Promise<T> {
  const { project, environment: name } = environment.settings;
  const db = await environment.database(true);
  if (db === null) throw new Error("a created database has no connection");
  await bootstrapLedger(db, { project, environment: name });
  environment.forget();
  const session = runSession(environment);
  const { token } = await session.hold(db, reason);
  try {
    return await work({ db, token, actor: actor() });
  } finally {
    environment.forget();
    await session.letGo();
  }
}

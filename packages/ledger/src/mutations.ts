import { call } from "./call.ts";
import type { Database } from "./database.ts";
import type { InstanceRow, TrafficRow } from "./ledger-snapshot.ts";
import { recordableText } from "./recordable.ts";

/** In whose name the ledger is changed. */
export interface Authority {
  /** The lease's fencing token: a lost lease changes nothing. */
  readonly token: number;
  /** The run that it belongs to. */
  readonly run: number | null;
  readonly actor: string;
}

/**
 * Writes the release that the environment is to have; `openRun` does it for a run. Audited as
 * `release.wanted`; the same again changes nothing.
 *
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function setWanted(
  db: Database,
  wanted: Authority & { readonly release: string; readonly digest: string; readonly attempt: number },
): Promise<void> {
  const { token, run, actor, release, digest, attempt } = wanted;
  const what = `Cannot write "${release}" as the wanted release`;
  const sql = "select slipway.set_wanted($1, $2, $3, $4, $5, $6)";
  await call(db, what, sql, [token, run, recordableText(db, actor), release, digest, attempt]);
}

/**
 * Writes down an instance and the state that it is in. Audited as `instance.started`, `instance.ready`,
 * `instance.stopping` or `instance.stopped`; the same again changes nothing.
 *
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function upsertInstance(
  db: Database,
  { token, run, actor, instance }: Authority & { readonly instance: Omit<InstanceRow, "startedAt"> },
): Promise<void> {
  const { id, service, version, release, settings, artifact, build, address, state } = instance;
  const sql = "select slipway.upsert_instance($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
  const values = [id, service, version, release, settings, artifact, build, address, state];
  await call(db, `Cannot record instance "${id}"`, sql, [token, run, recordableText(db, actor), ...values]);
}

/**
 * Writes down that an instance is gone. Audited as `instance.stopped`, also for one that the ledger never
 * knew; one that is stopped already changes nothing.
 *
 * @param stopped `instance` is its id.
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function stopInstance(
  db: Database,
  { token, run, actor, instance }: Authority & { readonly instance: string },
): Promise<void> {
  const sql = "select slipway.stop_instance($1, $2, $3, $4)";
  await call(db, `Cannot record the stop of "${instance}"`, sql, [
    token,
    run,
    recordableText(db, actor),
    instance,
  ]);
}

/**
 * Writes down where the traffic goes, all services at once: what is not in `rows` gets none. Audited as
 * `traffic.shifted` with before and after; the same again changes nothing.
 *
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function setTraffic(
  db: Database,
  { token, run, actor, rows }: Authority & { readonly rows: readonly TrafficRow[] },
): Promise<void> {
  const sql = "select slipway.set_traffic($1, $2, $3, $4)";
  await call(db, "Cannot record the traffic", sql, [
    token,
    run,
    recordableText(db, actor),
    JSON.stringify(rows),
  ]);
}

/**
 * Compares the catalog's fingerprint at a head with the one of the first time that it was settled on.
 * Audited as `schema.settled` the first time, as `schema.drifted` when they differ.
 *
 * @param settled `head` is the id of the newest applied migration, `hash` its fingerprint now.
 * @returns the known fingerprint, or null when this is the first time.
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function setFingerprints(
  db: Database,
  { token, run, actor, head, hash }: Authority & { readonly head: string; readonly hash: string },
): Promise<string | null> {
  const sql = "select slipway.settle_fingerprint($1, $2, $3, $4, $5) as known";
  const params = [token, run, recordableText(db, actor), head, hash];
  const [row] = await call<{ known: string | null }>(
    db,
    `Cannot record the schema at "${head}"`,
    sql,
    params,
  );
  return row?.known ?? null;
}

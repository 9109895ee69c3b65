import { bootstrapLedger, openRun, storeRelease } from "@slipway/ledger";
import type { Manifest } from "@slipway/release";
import { failpoint } from "./failpoint.ts";
import { guardRun } from "./guard.ts";
import { actor } from "./lease-owner.ts";
import type { RunPlan } from "./plan.ts";
import type { OpenRun, RunSession } from "./run-session.ts";

/** What opening a run needs to know beside the plan. */
export interface ReleaseRequest {
  readonly manifest: Manifest;
  readonly plan: RunPlan;
  /** The attempt that the preview announced. */
  readonly attempt: number;
  readonly reason: string | null;
}

/**
 * The first ensure: takes the lease, asks the guards again now that nobody else can change the answer,
 * writes the wanted release to the ledger and opens the run. Nothing else is touched.
 *
 * @throws {SlipwayError} LEASE_HELD, and every refusal of {@link guardRun}.
 */
export async function ensureRelease(session: RunSession, request: ReleaseRequest): Promise<OpenRun> {
  const { environment } = session;
  const { manifest, plan, attempt, reason } = request;
  const { project, environment: name } = environment.settings;
  const db = await environment.database(true);
  if (db === null) throw new Error("a created database has no connection");
  await bootstrapLedger(db, { project, environment: name });
  environment.forget();
  const lease = await session.hold(
    db,
    `${plan.direction === "back" ? "roll back" : "release"} to ${manifest.version}`,
  );
  await failpoint("release.lease");
  const [refusal] = (await guardRun(environment, manifest, plan)).filter(({ code }) => code !== "LEASE_HELD");
  if (refusal !== undefined) throw refusal;
  await storeRelease(db, manifest);
  const run = await openRun(db, {
    token: lease.token,
    attempt,
    release: manifest.version,
    digest: manifest.digest,
    fromRelease: plan.from,
    direction: plan.direction === "first" ? "forward" : plan.direction,
    actor: actor(),
    reason,
  });
  await failpoint("release.wanted");
  environment.forget();
  return session.opened({ id: run, attempt, manifest, token: lease.token, actor: actor() });
}

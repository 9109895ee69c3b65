import { appendAudit, setTraffic, stopInstance } from "@slipway/ledger";
import { actor } from "./lease-owner.ts";
import type { RunSession } from "./run-session.ts";

const STOP_GRACE_MS = 10_000;

/**
 * Stops every instance and the router of an environment, under the lease, and records it. The schema and
 * the data stay as they are; the next run starts what its pin asks for.
 *
 * @throws {SlipwayError} LEASE_HELD, DATABASE_UNREACHABLE.
 */
export async function stopEverything(session: RunSession): Promise<void> {
  const { environment } = session;
  const { target, settings } = environment;
  const db = await environment.database();
  const { ledger, instances } = await environment.observe();
  if (db === null || ledger.version === 0) return await target.down();
  const { token } = await session.hold(db, `stop ${settings.environment}`);
  const authority = { token, run: null, actor: actor() };
  try {
    for (const { id } of instances) {
      await target.drain(id, { deadlineMs: settings.drainSeconds * 1000 });
      await target.stop(id, { graceMs: STOP_GRACE_MS });
    }
    await target.down();
    for (const { id } of ledger.instances) await stopInstance(db, { ...authority, instance: id });
    await setTraffic(db, { ...authority, rows: [] });
    await appendAudit(db, token, {
      ...authority,
      kind: "environment.stopped",
      subject: settings.environment,
      data: {},
    });
  } finally {
    environment.forget();
    await session.letGo();
  }
}

import { acquireLease, bootstrapLedger, connect, type Database } from "@slipway/ledger";
import type { ApplyContext } from "../src/run/apply-migrations.ts";
import type { RevertContext } from "../src/run/revert-migrations.ts";

/** A database with a ledger whose lease the test holds. */
export interface ScratchLedger {
  readonly db: Database;
  readonly url: string;
  /** To apply and to undo with; nothing may be lost unless a test says so. */
  readonly context: ApplyContext & RevertContext;
}

/** Connects, makes the ledger where it is missing, and takes the lease, from whoever had it. */
export async function scratchLedger(url: string): Promise<ScratchLedger> {
  const db = await connect(url, { applicationName: "test" });
  await bootstrapLedger(db, { project: "shop", environment: "test" });
  await db.script("update slipway.lease set expires_at = clock_timestamp() where owner is not null");
  const { token } = await acquireLease(db, {
    owner: "test",
    reason: "test",
    ttlMs: 600_000,
    pid: null,
    host: null,
    processStart: null,
  });
  return { db, url, context: { token, run: null, actor: "test", release: () => "1.0.0", allowLoss: [] } };
}

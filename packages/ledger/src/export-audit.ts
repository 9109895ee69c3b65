import type { AuditEvent } from "./audit-event.ts";
import { call } from "./call.ts";
import type { Database } from "./database.ts";

const BATCH = 1_000;

/**
 * The whole audit, oldest event first, read in batches.
 *
 * @example
 * for await (const event of exportAudit(db)) process.stdout.write(`${JSON.stringify(event)}\n`);
 */
export async function* exportAudit(db: Database): AsyncGenerator<AuditEvent> {
  for (let after = 0; ; ) {
    const what = "Cannot read the audit";
    const rows = await call<{ event: AuditEvent }>(db, what, "select slipway.read_audit($1, $2) as event", [
      after,
      BATCH,
    ]);
    for (const { event } of rows) {
      yield event;
      after = event.seq;
    }
    if (rows.length < BATCH) return;
  }
}

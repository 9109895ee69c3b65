import {
  acquireLease,
  advanceRun,
  appendAudit,
  connect,
  finishRun,
  openRun,
  readLedger,
  takeOverDeadLease,
  upsertInstance,
} from "../src/index.ts";
import { leaseRequest, migrationApplied, runRequest } from "./scratch-ledger.ts";

/**
 * A process for the kill tests: takes the lease over from its dead predecessor and then opens, advances and
 * ends runs, appends events and applies migrations until it is killed. Argument: the database's URL.
 */
const [, , url] = process.argv;
if (url === undefined) throw new Error("usage: busy-child.ts URL");
const db = await connect(url);
const { lease } = await readLedger(db);
const request = leaseRequest(`child ${process.pid}`, { pid: process.pid });
const { token } =
  lease === null ? await acquireLease(db, request) : await takeOverDeadLease(db, lease.token, request);
process.stdout.write("holds\n");
// Read only now: until the takeover the predecessor's last transaction may still have been at work.
let migrations = (await readLedger(db)).applied.length;
for (let attempt = 1; ; attempt++) {
  const actor = request.owner;
  const run = await openRun(db, runRequest(token, { attempt, actor }));
  await advanceRun(db, { token, run, stage: "services" });
  for (const state of ["starting", "ready"] as const) {
    const instance = {
      id: `api-${run}`,
      service: "api",
      version: "1.2.0",
      release: "1.2.0",
      settings: "s",
      artifact: "a",
      build: "b",
      address: null,
      state,
    };
    await upsertInstance(db, { token, run, actor, instance });
  }
  migrations += 1;
  await db.script(
    `begin; create table t_${migrations} (); ${migrationApplied(token, `m_${migrations}`, run)}; commit;`,
  );
  await appendAudit(db, token, { actor, run, kind: "note", subject: null, data: { attempt } });
  await finishRun(db, { token, run, outcome: "verified" });
}

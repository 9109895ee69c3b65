/**
 * What the provider does to a schema, as one process: connect, make sure of the ledger, take the lease, read what is
 * applied, apply what is missing, give the lease back. Arguments: the database's URL, the fixture's folder.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLease, bootstrapLedger, connect, readLedger } from "@slipway/ledger";
import { applyMigrations, loadMigrations, plannedMigration, planSchema } from "@slipway/migrations/run";

const [url = "", folder = ""] = process.argv.slice(2);
const db = await connect(url);
await bootstrapLedger(db, { project: "bench", environment: "bench" });
const lease = await acquireLease(db, {
  owner: "bench",
  reason: "bench",
  ttlMs: 60_000,
  pid: process.pid,
  host: null,
  processStart: null,
});
const refs: Parameters<typeof loadMigrations>[1] = JSON.parse(
  readFileSync(join(folder, "refs.json"), "utf8"),
);
const { apply, blocked } = planSchema((await readLedger(db)).applied, refs.map(plannedMigration));
if (blocked !== null) throw new Error(blocked.why);
const missing = refs.filter(({ id }) => apply.expand.includes(id));
if (missing.length > 0) {
  await applyMigrations(db, loadMigrations(join(folder, "migrations"), missing), {
    token: lease.token,
    run: null,
    actor: "bench",
    release: () => "1.0.0",
  });
}
await lease.release();
await db.end();

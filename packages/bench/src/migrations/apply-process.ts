/**
 * What the provider does to a schema, as one process: connect, make sure of the ledger, take the lease, read the files,
 * apply, give the lease back. Arguments: the database's URL, the fixture's folder.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLease, bootstrapLedger, connect } from "@slipway/ledger";
import { applyMigrations, loadMigrations, type MigrationRef } from "@slipway/migrations";

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
const refs: MigrationRef[] = JSON.parse(readFileSync(join(folder, "refs.json"), "utf8"));
await applyMigrations(db, loadMigrations(join(folder, "migrations"), refs), {
  token: lease.token,
  run: null,
  actor: "bench",
  release: () => "1.0.0",
});
await lease.release();
await db.end();

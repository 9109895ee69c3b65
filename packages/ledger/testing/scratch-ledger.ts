import { readdirSync, readFileSync } from "node:fs";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import type { AuditEvent } from "../src/audit-event.ts";
import { bootstrapLedger } from "../src/bootstrap-ledger.ts";
import { connect } from "../src/connect.ts";
import type { Database } from "../src/database.ts";
import { exportAudit } from "../src/export-audit.ts";
import { acquireLease, type HeldLease, type LeaseRequest } from "../src/lease.ts";
import type { RunRequest } from "../src/runs.ts";

/** Whose ledger the tests write. */
export const identity = { project: "shop", environment: "production" };

/** Real databases with a ledger, for the tests of one file. */
export interface ScratchLedgers {
  readonly postgres: ScratchPostgres;
  /** A new database with an empty ledger. */
  create(): Promise<{ readonly url: string; readonly db: Database }>;
  /** The same database every time, emptied and with a new ledger: much faster than {@link ScratchLedgers.create}. */
  renew(): Promise<{ readonly url: string; readonly db: Database }>;
  /** Another connection, ended with the rest. */
  connect(url: string): Promise<Database>;
  /** Ends the server and every connection. */
  remove(): Promise<void>;
}

/** Starts a server for ledgers. */
export async function scratchLedgers(): Promise<ScratchLedgers> {
  const postgres = await scratchPostgres();
  const connections: Database[] = [];
  let renewed: { readonly url: string; readonly db: Database } | undefined;
  const ledgers: ScratchLedgers = {
    postgres,
    async create() {
      const url = await postgres.createDatabase();
      const db = await ledgers.connect(url);
      await bootstrapLedger(db, identity);
      return { url, db };
    },
    async renew() {
      if (renewed === undefined) {
        renewed = await ledgers.create();
        return renewed;
      }
      await renewed.db.script("drop schema slipway, slipway_api, public cascade; create schema public");
      await bootstrapLedger(renewed.db, identity);
      return renewed;
    },
    async connect(url) {
      const db = await connect(url);
      connections.push(db);
      return db;
    },
    async remove() {
      await Promise.all(connections.map((db) => db.end()));
      postgres.remove();
    },
  };
  return ledgers;
}

/** A request for the lease that only names what a test cares about. */
export function leaseRequest(owner: string, request: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    owner,
    reason: "release to 1.2.0",
    ttlMs: 60_000,
    pid: 7,
    host: "runner",
    processStart: "s",
    ...request,
  };
}

/** Takes the lease for a test. */
export function hold(db: Database, owner = "ann", request: Partial<LeaseRequest> = {}): Promise<HeldLease> {
  return acquireLease(db, leaseRequest(owner, request));
}

/** Lets the lease expire now: what a test does in its time to live may take as long as the machine needs. */
export async function expireLease(db: Database): Promise<void> {
  await db.query("update slipway.lease set expires_at = clock_timestamp()");
}

/** A run of release 1.2.0 that only names what a test cares about. */
export function runRequest(token: number, run: Partial<RunRequest> = {}): RunRequest {
  return {
    token,
    attempt: 1,
    release: "1.2.0",
    digest: `sha256:${"1".repeat(64)}`,
    fromRelease: "1.1.0",
    direction: "forward",
    actor: "ann",
    reason: null,
    ...run,
  };
}

/** The whole audit of a ledger. */
export async function auditOf(db: Database): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const event of exportAudit(db)) events.push(event);
  return events;
}

/** SQL that records a migration, as the migrations package sends it. */
export function migrationApplied(token: number, id: string, run: number | null = null): string {
  return `select slipway.migration_applied(${token}, ${run}, 'ann', '${id}', '1.2.0', 'expand', 'lossless',
    'create table t ()', 'drop table t', '${"a".repeat(64)}', '${"b".repeat(64)}')`;
}

/** The SQL that undoes a step of the ledger. */
export function readLedgerRollback(version: number): string {
  const folder = new URL("../sql/rollbacks/", import.meta.url);
  const name = readdirSync(folder).find((file) => Number(file.slice(0, 4)) === version);
  if (name === undefined) throw new Error(`ledger step ${version} has no rollback`);
  return readFileSync(new URL(name, folder), "utf8");
}

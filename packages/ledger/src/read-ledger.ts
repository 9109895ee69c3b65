import type { Database } from "./database.ts";
import { databaseError } from "./database-error.ts";
import { refuseNewerLedger } from "./ledger-identity.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import { isMissingLedger } from "./missing-ledger.ts";

/** The ledger of a database in which nothing was ever released. */
export const emptyLedger: LedgerSnapshot = {
  version: 0,
  identity: null,
  wanted: null,
  run: null,
  verified: null,
  applied: [],
  instances: [],
  traffic: [],
  lease: null,
  auditHead: null,
};

/**
 * Reads everything that a plan is made from, in one statement and one round trip. A database without a
 * ledger gives version 0 and nothing else; asked inside a transaction, that one fails and is over.
 *
 * @throws {SlipwayError} LEDGER_NEWER, DATABASE_FAILED.
 */
export async function readLedger(db: Database): Promise<LedgerSnapshot> {
  try {
    const [row] = await db.query<{ snapshot: LedgerSnapshot }>("select slipway.snapshot() as snapshot");
    if (row === undefined) throw new Error("slipway.snapshot() gave no row");
    refuseNewerLedger(row.snapshot.version);
    return row.snapshot;
  } catch (error) {
    // The server's refusal is the answer: asking first would be a second round trip for everybody else.
    if (isMissingLedger(error) && !(await hasTables(db))) return emptyLedger;
    throw databaseError(error, "Cannot read the ledger");
  }
}

// A ledger that lost its functions is damaged, and not a database in which nothing was ever released.
async function hasTables(db: Database): Promise<boolean> {
  const [found] = await db.query<{ present: boolean }>(
    "select pg_catalog.to_regclass('slipway.meta') is not null as present",
  );
  return found?.present === true;
}

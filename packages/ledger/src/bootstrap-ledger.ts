import { SlipwayError } from "@slipway/kernel";
import type { Database } from "./database.ts";
import { databaseError } from "./database-error.ts";
import { describeIdentity, type LedgerIdentity, refuseNewerLedger } from "./ledger-identity.ts";
import { latestLedgerVersion, readLedgerSteps } from "./ledger-steps.ts";
import { isMissingLedger } from "./missing-ledger.ts";

interface Meta extends LedgerIdentity {
  readonly version: number;
}

// "slipway" in ASCII. Advisory locks are per database, and others may use them for their own ends.
const BOOTSTRAP_LOCK = "32488822435963257";

/**
 * Makes the ledger, or brings it to the version of this program. Any number of processes may do so at once;
 * with nothing to do it is one round trip.
 *
 * The database's owner may do this: it takes no superuser and no extension.
 *
 * @throws {SlipwayError} LEDGER_NEWER, LEDGER_MISMATCH (another environment's ledger), DATABASE_FAILED.
 */
export async function bootstrapLedger(db: Database, identity: LedgerIdentity): Promise<void> {
  try {
    if (isCurrent(await readMeta(db), identity)) return;
    await db.transaction(() => build(db, identity));
  } catch (error) {
    throw databaseError(error, `Cannot set up the ledger of "${describeIdentity(identity)}"`);
  }
}

async function build(db: Database, identity: LedgerIdentity): Promise<void> {
  await db.query("select pg_catalog.pg_advisory_xact_lock($1)", [BOOTSTRAP_LOCK]);
  const [found] = await db.query<{ present: boolean; encoding: string }>(
    `select pg_catalog.to_regclass('slipway.meta') is not null as present,
            pg_catalog.current_setting('server_encoding') as encoding`,
  );
  if (found?.encoding !== "UTF8") {
    throw new SlipwayError("DATABASE_FAILED", {
      what: `Cannot set up the ledger of "${describeIdentity(identity)}"`,
      why: `the database's encoding is ${found?.encoding}, and the audit needs UTF8`,
      todo: "Create the database with encoding 'UTF8'",
    });
  }
  const meta = found.present ? await readMeta(db) : undefined;
  if (isCurrent(meta, identity)) return;
  const missing = readLedgerSteps().filter(({ version }) => version > (meta?.version ?? 0));
  // Names in the steps mean the same whatever the session's search path is.
  await db.script(
    ["set local search_path = pg_catalog, pg_temp", ...missing.map(({ sql }) => sql)].join(";\n"),
  );
  const { project, environment } = identity;
  await db.query("select slipway.built($1, $2, $3)", [project, environment, latestLedgerVersion()]);
}

async function readMeta(db: Database): Promise<Meta | undefined> {
  try {
    const [meta] = await db.query<Meta>("select version, project, environment from slipway.meta");
    return meta;
  } catch (error) {
    if (isMissingLedger(error)) return undefined;
    throw error;
  }
}

function isCurrent(meta: Meta | undefined, identity: LedgerIdentity): boolean {
  if (meta === undefined) return false;
  if (meta.project !== identity.project || meta.environment !== identity.environment) {
    throw new SlipwayError("LEDGER_MISMATCH", {
      what: `Cannot use this database for "${describeIdentity(identity)}"`,
      why: `its ledger belongs to "${describeIdentity(meta)}"`,
    });
  }
  refuseNewerLedger(meta.version);
  return meta.version === latestLedgerVersion();
}

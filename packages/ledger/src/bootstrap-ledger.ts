import { SlipwayError } from "@slipway/kernel";
import { escapeLiteral } from "pg";
import type { Database } from "./database.ts";
import { databaseError, isPostgresError } from "./database-error.ts";
import { describeIdentity, type LedgerIdentity, refuseNewerLedger } from "./ledger-identity.ts";
import { latestLedgerVersion, readLedgerSteps } from "./ledger-steps.ts";
import { isMissingLedger } from "./missing-ledger.ts";

interface Meta extends LedgerIdentity {
  readonly version: number;
}

// "slipway" in ASCII. Advisory locks are per database, and others may use them for their own ends.
const BOOTSTRAP_LOCK = "32488822435963257";

// Raised by the message below, and by nothing in the ledger.
const BUILT_MEANWHILE = "SW020";
const WRONG_ENCODING = "SW021";

/**
 * Makes the ledger, or brings it to the version of this program. Any number of processes may do so at once;
 * with nothing to do it is one round trip, else two.
 *
 * The database's owner may do this: it takes no superuser and no extension.
 *
 * @throws {SlipwayError} LEDGER_NEWER, LEDGER_MISMATCH (another environment's ledger), DATABASE_FAILED.
 */
export async function bootstrapLedger(db: Database, identity: LedgerIdentity): Promise<void> {
  try {
    for (;;) {
      const meta = await readMeta(db);
      if (isCurrent(meta, identity)) return;
      if (await build(db, identity, meta?.version ?? 0)) return;
    }
  } catch (error) {
    throw databaseError(error, `Cannot set up the ledger of "${describeIdentity(identity)}"`);
  }
}

/** Whether the steps after `version` were made; not when another process was faster, and the ledger has to be read again. */
async function build(db: Database, identity: LedgerIdentity, version: number): Promise<boolean> {
  const { project, environment } = identity;
  const missing = readLedgerSteps().filter((step) => step.version > version);
  const names = `${escapeLiteral(project)}, ${escapeLiteral(environment)}`;
  const message = [
    // Locks that are waited for are worth nothing when what follows sees the time before the wait.
    "begin isolation level read committed",
    `select pg_catalog.pg_advisory_xact_lock(${BOOTSTRAP_LOCK})`,
    guardOf(version),
    // Names in the steps mean the same whatever the session's search path is.
    "set local search_path = pg_catalog, pg_temp",
    ...missing.map(({ sql }) => sql),
    `select slipway.built(${names}, ${latestLedgerVersion()})`,
    "commit",
  ];
  try {
    await db.script(message.join(";\n"));
    return true;
  } catch (error) {
    const state = isPostgresError(error) ? error.code : null;
    if (state === BUILT_MEANWHILE) return false;
    if (state !== WRONG_ENCODING) throw error;
    throw new SlipwayError("DATABASE_FAILED", {
      what: `Cannot set up the ledger of "${describeIdentity(identity)}"`,
      why: (error as Error).message,
      todo: "Create the database with encoding 'UTF8'",
      cause: error,
    });
  }
}

/** SQL that stops the message unless the ledger is, now that the lock is held, as it was read before. */
function guardOf(version: number): string {
  return `do $guard$
    declare
      encoding text := pg_catalog.current_setting('server_encoding');
      found integer;
    begin
      if encoding <> 'UTF8' then
        raise exception using errcode = '${WRONG_ENCODING}',
          message = 'the database''s encoding is ' || encoding || ', and the audit needs UTF8';
      end if;
      if pg_catalog.to_regclass('slipway.meta') is not null then
        execute 'select version from slipway.meta' into found;
      end if;
      if coalesce(found, 0) <> ${version} then
        raise exception using errcode = '${BUILT_MEANWHILE}', message = 'another process has built the ledger';
      end if;
    end $guard$`;
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

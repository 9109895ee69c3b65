import { connect, type Database } from "@slipway/ledger";
import { type Fingerprint, fingerprint } from "../catalog/fingerprint.ts";
import { backfillAtOnce } from "../run/backfill-at-once.ts";
import { runByStatement } from "../run/run-by-statement.ts";
import { limitsOf } from "../run/run-context.ts";
import { runStatements } from "../run/run-outside-transaction.ts";
import { cleanSession } from "../run/work-unit.ts";
import { executionOf } from "../sql/execution-of.ts";
import { quoteName } from "../sql/quote-name.ts";
import type { SqlSource } from "../sql/source-position.ts";

/** A database to try migrations in. */
export interface ScratchDatabase {
  readonly db: Database;
  /** Runs a file as a migration is run: one transaction, or what needs it outside of one. */
  run(source: SqlSource): Promise<void>;
  /** The catalog as it is now, with definitions. */
  look(): Promise<Fingerprint>;
  remove(): Promise<void>;
}

/** What a scratch database starts as. */
export interface ScratchOptions {
  /** The database it is a copy of; an empty one unless told. */
  readonly template?: string;
  /** Run once in it, before anything else. */
  readonly prelude?: string;
  /** Whether looks see the server's roles: only where nobody else makes any. */
  readonly roles?: boolean;
}

/** Makes a database with a name of its own on a server. */
export async function openScratchDatabase(
  adminUrl: string,
  options: ScratchOptions = {},
): Promise<ScratchDatabase> {
  const { template = "template0", prelude, roles = false } = options;
  const name = `slipway_proof_${globalThis.crypto.randomUUID().slice(0, 8)}`;
  const admin = await connect(adminUrl, { applicationName: "slipway proof" });
  let db: Database | undefined;
  const rolesBefore = roles ? await rolesOf(admin) : [];
  const dropAndEnd = async () => {
    try {
      await db?.end();
      await admin.query(`drop database if exists ${name} with (force)`);
      // They outlive the database, and would be in the way of the next one.
      const made = roles ? (await rolesOf(admin)).filter((role) => !rolesBefore.includes(role)) : [];
      if (made.length > 0)
        await admin.script(`drop role ${made.map((role) => quoteName([role])).join(", ")}`);
    } finally {
      await admin.end();
    }
  };
  try {
    await admin.query(`create database ${name} template ${quoteName([template])}`);
    db = await connect(withDatabase(adminUrl, name), { applicationName: "slipway proof" });
    if (prelude !== undefined) {
      await db.script(prelude);
      // What it set for the database holds from the next connection on.
      await db.end();
      db = await connect(withDatabase(adminUrl, name), { applicationName: "slipway proof" });
    }
  } catch (error) {
    await dropAndEnd();
    throw error;
  }
  const open = db;
  return {
    db: open,
    run: (source) => run(open, source),
    look: () => fingerprint(open, { definitions: true, roles }),
    remove: dropAndEnd,
  };
}

async function rolesOf(db: Database): Promise<string[]> {
  const rows = await db.query<{ rolname: string }>("select rolname from pg_roles where rolname !~ '^pg_'");
  return rows.map(({ rolname }) => rolname);
}

async function run(db: Database, source: SqlSource): Promise<void> {
  const execution = await executionOf(source);
  if (execution.mode === "alone") {
    const message = { token: 0, limits: limitsOf({}), marker: "slipway proof" };
    return runStatements(db, execution.statements, message, false);
  }
  if (execution.mode === "backfill") return backfillAtOnce(db, execution);
  try {
    await db.script(`begin;\n${source.text}\n;${cleanSession}commit`);
  } catch {
    // Again, statement by statement: only so the server says where it stopped. What it said now is said then.
    await runByStatement(db, source, { before: "", after: cleanSession });
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

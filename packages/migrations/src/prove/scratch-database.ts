import { connect, type Database } from "@slipway/ledger";
import { type Fingerprint, fingerprint } from "../catalog/fingerprint.ts";
import { runByStatement } from "../run/run-by-statement.ts";
import { limitsOf } from "../run/run-context.ts";
import { runStatements } from "../run/run-outside-transaction.ts";
import { cleanSession } from "../run/work-unit.ts";
import { executionOf } from "../sql/execution-of.ts";
import type { SqlSource } from "../sql/source-position.ts";

/** An empty database to try migrations in, without a ledger. */
export interface ScratchDatabase {
  /** Runs a file as a migration is run: one transaction, or what needs it outside of one. */
  run(source: SqlSource): Promise<void>;
  /** The catalog as it is now, with definitions. */
  look(): Promise<Fingerprint>;
  remove(): Promise<void>;
}

/** Makes a database with a name of its own on a server. */
export async function openScratchDatabase(adminUrl: string): Promise<ScratchDatabase> {
  const name = `slipway_proof_${globalThis.crypto.randomUUID().slice(0, 8)}`;
  const admin = await connect(adminUrl, { applicationName: "slipway proof" });
  const dropAndEnd = async () => {
    try {
      await admin.query(`drop database if exists ${name} with (force)`);
    } finally {
      await admin.end();
    }
  };
  let db: Database;
  try {
    await admin.query(`create database ${name} template template0`);
    db = await connect(withDatabase(adminUrl, name), { applicationName: "slipway proof" });
  } catch (error) {
    await dropAndEnd();
    throw error;
  }
  return {
    run: (source) => run(db, source),
    look: () => fingerprint(db, { definitions: true }),
    async remove() {
      await db.end();
      await dropAndEnd();
    },
  };
}

async function run(db: Database, source: SqlSource): Promise<void> {
  const execution = await executionOf(source);
  if (execution.mode === "alone") {
    const message = { token: 0, limits: limitsOf({}), marker: "slipway proof" };
    return runStatements(db, execution.statements, message, false);
  }
  return runByStatement(db, source, { before: "", after: cleanSession });
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

import type { Database } from "@slipway/ledger";
import type { OpenEnvironment } from "./open-environment.ts";

/** The database of an open run: opening the run made it, so it is there. */
export async function runDatabase(environment: OpenEnvironment): Promise<Database> {
  const db = await environment.database();
  if (db === null) throw new Error("a run is open and its database is gone");
  return db;
}

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, type Database } from "@slipway/ledger";
import type { OpenEnvironment } from "./open-environment.ts";
import { runDatabase } from "./run-database.ts";

/** The variable that tells a service where its flags are while the database is away. */
export const FLAGS_BOOTSTRAP = "SLIPWAY_FLAGS_BOOTSTRAP";

/**
 * Writes the environment's flags as they are now beside its services, whole or not at all, for services that start
 * while the database is away. One file for all of them: its path is no setting of an instance.
 *
 * @returns the file.
 */
export async function writeFlagBootstrap(environment: OpenEnvironment): Promise<string> {
  const db = await runDatabase(environment);
  const document = await flagDocument(db);
  const { state } = environment.folders;
  const file = join(state, "flags.json");
  const partial = `${file}.${process.pid}.partial`;
  mkdirSync(state, { recursive: true });
  // Services run as other users on some targets, and there is nothing secret in what every process may ask for.
  writeFileSync(partial, JSON.stringify(document), { flush: true, mode: 0o644 });
  renameSync(partial, file);
  return file;
}

async function flagDocument(db: Database): Promise<unknown> {
  const sql = "select slipway_api.flag_document() as document";
  const [row] = await call<{ document: unknown }>(db, "Cannot read the flags", sql);
  return row?.document;
}

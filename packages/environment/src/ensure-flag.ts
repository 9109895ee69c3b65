import { archiveFlag, declareFlag } from "@slipway/flags/store";
import { SlipwayError } from "@slipway/kernel";
import { failpoint } from "./failpoint.ts";
import { declarationOf } from "./plan-flags.ts";
import { runDatabase } from "./run-database.ts";
import type { OpenRun, RunSession } from "./run-session.ts";

/**
 * The ensure of a flag: it exists as the pin declares it. Its state is the runtime's: one that was killed stays
 * killed, and one that comes back from the archive is as it was.
 *
 * @throws {SlipwayError} RUN_NOT_OPEN, LEASE_LOST, FLAG_INVALID.
 */
export async function ensureFlag(session: RunSession, key: string): Promise<void> {
  const run = session.current(`flag ${key}`);
  const { environment } = session;
  const flag = run.manifest.flags.find((candidate) => candidate.key === key);
  if (flag === undefined) {
    throw new SlipwayError("RUN_NOT_OPEN", {
      what: `Cannot declare flag "${key}"`,
      why: `release ${run.manifest.version} has no such flag`,
    });
  }
  const db = await runDatabase(environment);
  const { token, id, actor } = run;
  await declareFlag(db, { token, run: id, actor, key, declaration: declarationOf(flag) });
  await failpoint("flag.declared");
  environment.forget();
}

/** Archives flags that the pin does not have: off from now on, and kept with all that was known of them. */
export async function archiveFlags(
  { environment }: RunSession,
  { token, id, actor }: OpenRun,
  keys: readonly string[],
): Promise<readonly string[]> {
  const db = await runDatabase(environment);
  for (const key of keys) await archiveFlag(db, { token, run: id, actor, key });
  environment.forget();
  return keys;
}

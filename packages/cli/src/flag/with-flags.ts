import { FLAGS_SINCE } from "@slipway/environment";
import { SlipwayError } from "@slipway/kernel";
import { type Database, readLedger } from "@slipway/ledger";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import type { CommonFlags } from "../flags.ts";
import { type Opened, withEnvironment } from "../project.ts";

/** An environment whose ledger has flags, opened. */
export interface OpenedFlags extends Opened {
  readonly db: Database;
}

/**
 * Opens an environment for work on its flags. Router and services are not asked: a kill needs the database only.
 *
 * @throws {SlipwayError} FLAG_UNKNOWN where nothing was released yet, or not since flags are there.
 */
export function withFlags<T>(
  context: CliContext,
  flags: Pick<CommonFlags, "env">,
  work: (opened: OpenedFlags) => Promise<T>,
): Promise<T> {
  const name = environmentName(context.process.env, flags);
  return withEnvironment(context, name, async (opened) => {
    const db = await opened.environment.database();
    const { version, identity } = db === null ? { version: 0, identity: null } : await readLedger(db);
    if (db === null || version < FLAGS_SINCE) {
      throw new SlipwayError("FLAG_UNKNOWN", {
        what: `Cannot use flags in ${name}`,
        why: version === 0 ? "nothing was released there yet" : "its ledger is older than flags",
        todo: `Pin a release that declares flags, then slipway up ${name}`,
      });
    }
    const { project, settings } = { project: opened.project.name, settings: opened.environment.settings };
    if (
      identity !== null &&
      (identity.project !== project || identity.environment !== settings.environment)
    ) {
      throw new SlipwayError("LEDGER_MISMATCH", {
        what: `Cannot use flags in "${project}/${name}"`,
        why: `the ledger belongs to "${identity.project}/${identity.environment}"`,
      });
    }
    return await work({ ...opened, db });
  });
}

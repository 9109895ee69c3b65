import { actor, FLAGS_SINCE } from "@slipway/environment";
import { killFlagsOfRelease } from "@slipway/flags/store";
import type { CliContext } from "../cli-context.ts";
import { withEnvironment } from "../project.ts";

/**
 * Kills the flags that a failed release brought, in the name of its run.
 *
 * @param code why the release failed, for the audit.
 * @returns the keys of those that were not killed already.
 * @throws {SlipwayError} DATABASE_UNREACHABLE, DATABASE_FAILED.
 */
export function killFlagsAfterFailure(
  context: CliContext,
  name: string,
  release: string,
  code: string,
): Promise<readonly string[]> {
  return withEnvironment(context, name, async ({ environment }) => {
    const db = await environment.database();
    const { ledger } = await environment.observe();
    if (db === null || ledger.version < FLAGS_SINCE) return [];
    const { keys } = await killFlagsOfRelease(db, {
      run: ledger.run?.release === release ? ledger.run.id : null,
      actor: actor(),
      reason: `release ${release} failed with ${code}, and onFailure is flag-off`,
      source: "on-failure",
      release,
    });
    return keys;
  });
}

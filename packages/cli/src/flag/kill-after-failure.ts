import { actor, FLAGS_SINCE, killFlagsOfFailure } from "@slipway/environment";
import { readFlags } from "@slipway/flags/store";
import type { CliContext } from "../cli-context.ts";
import { withEnvironment } from "../project.ts";

/**
 * Sees to it that the flags that a failed release brought are off. The run does so itself as it fails; one whose
 * process was killed could not.
 *
 * @param code why the release failed, for the audit.
 * @returns the keys of the release's flags, all of them killed.
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
    const run = ledger.run?.release === release ? ledger.run.id : null;
    await killFlagsOfFailure(db, { release, run, actor: actor(), why: code });
    return (await readFlags(db))
      .filter(({ declaration, state }) => declaration.release === release && state.killed)
      .map(({ key }) => key);
  });
}

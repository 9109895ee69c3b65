import { SlipwayError } from "@slipway/kernel";
import { type Migration, upFile } from "../migration.ts";
import { openScratchDatabase, type ScratchOptions } from "../prove/scratch-database.ts";
import { describeError } from "../run/statement-error.ts";
import type { RlsTest } from "./rls-test.ts";
import { type RlsOptions, type RlsReport, runRlsTests } from "./run-rls-tests.ts";

/**
 * Runs tests of policies on a database made for it: a copy, or an empty one, with all migrations applied. It is
 * removed after.
 *
 * @param adminUrl a server on which databases may be made.
 * @param options.applied ids that the template has already.
 * @throws {SlipwayError} SCHEMA_APPLY_FAILED for a migration that cannot be applied there.
 */
export async function testPolicies(
  adminUrl: string,
  migrations: readonly Migration[],
  tests: readonly RlsTest[],
  options: ScratchOptions & RlsOptions & { readonly applied?: ReadonlySet<string> } = {},
): Promise<RlsReport> {
  const scratch = await openScratchDatabase(adminUrl, options);
  try {
    for (const { id, up } of migrations) {
      if (options.applied?.has(id)) continue;
      options.signal?.throwIfAborted();
      const source = { file: upFile(id), text: up };
      await scratch.run(source).catch((cause: unknown) => {
        throw new SlipwayError("SCHEMA_APPLY_FAILED", {
          what: `Cannot test policies: migration "${id}" cannot be applied`,
          why: describeError(source, cause),
          todo: "Correct it, or test on a copy of a database that has it, with --database",
          cause,
        });
      });
    }
    return await runRlsTests(scratch.db, tests, options);
  } finally {
    await scratch.remove();
  }
}

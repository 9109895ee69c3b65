import { check } from "./check.ts";
import { runTests } from "./test.ts";

/** `npm run ok`: everything that a change has to pass. Runs no test when a check fails. */
export async function ok(args: readonly string[]): Promise<number> {
  return (await check()).length > 0 ? 1 : await runTests(args);
}

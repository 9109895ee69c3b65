import type { Database } from "@slipway/ledger";
import type { RlsSession } from "./rls-session.ts";

/** What a test gets, inside a transaction of its own that is rolled back. */
export interface RlsContext {
  readonly db: Database;
  readonly session: RlsSession;
}

/** What a test that ended well has shown. */
export interface RlsEvidence {
  /** Policies that its statements met, as `table.policy`. */
  readonly exercised: ReadonlySet<string>;
  /** How many expectations were met; none is no test. */
  readonly expectations: number;
}

/** One test of policies. Throws `RlsFailure` when it is red. */
export interface RlsTest {
  readonly name: string;
  readonly file: string;
  run(context: RlsContext): Promise<RlsEvidence>;
}

/**
 * A test in TypeScript, for the default export of a module in the tests' folder.
 *
 * @example
 * export default [
 *   rlsTest("members see their own notes only", async (rls) => {
 *     await rls.seed("insert into notes (owner, text) values ('…1', 'a'), ('…2', 'b')");
 *     const member = await rls.as({ role: "authenticated", claims: { sub: "…1" } });
 *     await member.sees(1, "select * from notes");
 *     await member.cannot("insert into notes (owner, text) values ('…2', 'c')");
 *   }),
 * ];
 */
export function rlsTest(name: string, work: (rls: RlsSession) => Promise<void>): RlsTest {
  return {
    name,
    file: "",
    async run({ session }) {
      await work(session);
      return session;
    },
  };
}

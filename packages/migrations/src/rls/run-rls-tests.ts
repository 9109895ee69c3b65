import { isSlipwayError } from "@slipway/kernel";
import { type Database, isPostgresError } from "@slipway/ledger";
import { allPolicies, policyKey } from "./exercised-policies.ts";
import { policyMutations } from "./mutate-policies.ts";
import { RlsFailure, rlsSession, rolledBack } from "./rls-session.ts";
import type { RlsEvidence, RlsTest } from "./rls-test.ts";

/** How one test ended. */
export interface RlsTestResult {
  readonly name: string;
  readonly file: string;
  readonly verdict: "pass" | "fail";
  readonly why: string | null;
  readonly expectations: number;
  readonly ms: number;
}

/** What is known of one policy after a run. */
export interface PolicyResult {
  /** `public.notes.own`. */
  readonly policy: string;
  /** Whether a statement of a test met it. */
  readonly exercised: boolean;
  /** Empty without the mutation check. */
  readonly mutations: readonly {
    readonly change: "removed" | "opened";
    /** The first test that went red; `null` when none did. */
    readonly noticedBy: string | null;
  }[];
}

/** What a run of tests found. */
export interface RlsReport {
  readonly verdict: "pass" | "fail";
  /** What is wrong with the run as a whole, a sentence each. */
  readonly problems: readonly string[];
  readonly tests: readonly RlsTestResult[];
  readonly policies: readonly PolicyResult[];
}

/** How tests are run. */
export interface RlsOptions {
  /** Also changes each policy and sees whether a test goes red. */
  readonly mutate?: boolean;
  readonly signal?: AbortSignal;
  readonly onTest?: (result: RlsTestResult) => void;
}

/**
 * Runs tests of policies, each in a transaction that is rolled back. No test, a test that expects nothing, and a run in
 * which no policy was met, are failures. With `mutate` each policy is removed, and opened for everything, in a transaction
 * that is rolled back, and a test has to go red: that is how it is known that the tests test. It takes locks, so the
 * database should be a copy.
 *
 * @throws what the connection throws.
 */
export async function runRlsTests(
  db: Database,
  tests: readonly RlsTest[],
  options: RlsOptions = {},
): Promise<RlsReport> {
  const policies = await allPolicies(db);
  const exercised = new Set<string>();
  const met = new Map<RlsTest, ReadonlySet<string>>();
  const results: RlsTestResult[] = [];
  for (const test of tests) {
    options.signal?.throwIfAborted();
    const started = performance.now();
    const ended = await runOne(db, test);
    const shown = ended.evidence?.expectations ?? 0;
    const why = ended.why ?? (shown === 0 ? "it expects nothing" : null);
    for (const policy of ended.evidence?.exercised ?? []) exercised.add(policy);
    met.set(test, ended.evidence?.exercised ?? new Set());
    const result: RlsTestResult = {
      name: test.name,
      file: test.file,
      verdict: why === null ? "pass" : "fail",
      why,
      expectations: shown,
      ms: Math.round(performance.now() - started),
    };
    results.push(result);
    options.onTest?.(result);
  }
  const problems: string[] = [];
  if (tests.length === 0) problems.push("there is no test");
  if (policies.length === 0) problems.push("the database has no policy that is in force");
  const red = results.filter(({ verdict }) => verdict === "fail").length;
  if (red > 0) problems.push(`${red} of ${results.length} tests failed`);
  else if (
    tests.length > 0 &&
    policies.length > 0 &&
    !policies.some((one) => exercised.has(policyKey(one)))
  ) {
    problems.push("no policy was met: the tests ran as roles, or on tables, for which none is in force");
  }
  const mutate = options.mutate === true && problems.length === 0;
  const judged: PolicyResult[] = [];
  for (const policy of policies) {
    const key = policyKey(policy);
    const mutations: PolicyResult["mutations"][number][] = [];
    for (const { change, sql } of mutate ? policyMutations([policy]) : []) {
      options.signal?.throwIfAborted();
      // Those that met it are likely to notice; the others may meet it inside a function.
      const likely = [...tests].sort((a, b) => Number(met.get(b)?.has(key)) - Number(met.get(a)?.has(key)));
      const noticedBy = await firstRed(db, likely, sql);
      mutations.push({ change, noticedBy });
      if (noticedBy === null)
        problems.push(
          `no test noticed that ${key} was ${change === "removed" ? "removed" : "opened for everything"}`,
        );
    }
    judged.push({ policy: key, exercised: exercised.has(key), mutations });
  }
  return { verdict: problems.length === 0 ? "pass" : "fail", problems, tests: results, policies: judged };
}

async function firstRed(db: Database, tests: readonly RlsTest[], mutation: string): Promise<string | null> {
  for (const test of tests) {
    if ((await runOne(db, test, mutation)).why !== null) return test.name;
  }
  return null;
}

async function runOne(
  db: Database,
  test: RlsTest,
  mutation?: string,
): Promise<{ why: string | null; evidence: RlsEvidence | null }> {
  try {
    return await rolledBack(db, async () => {
      if (mutation !== undefined) await db.script(mutation);
      const evidence = await test.run({ db, session: rlsSession(db) });
      return { why: null, evidence };
    });
  } catch (error) {
    // A test that throws is red, whatever it throws; a lost connection ends the run.
    if (isSlipwayError(error)) throw error;
    const why =
      error instanceof RlsFailure ? error.message : error instanceof Error ? error.message : String(error);
    return { why: isPostgresError(error) ? `${why} (SQLSTATE ${error.code})` : why, evidence: null };
  }
}

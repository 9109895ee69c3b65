import { combineVerdicts, type Redactor } from "@slipway/kernel";
import type { Suite } from "../definition/suite.ts";
import { conclusion } from "./conclusion.ts";
import type { CheckReport, Counts, SmokeReport } from "./report.ts";

/** Puts a report together. `problem` is why nothing could be checked. */
export function buildReport(
  suite: Suite,
  checks: readonly CheckReport[],
  { startedAt, finishedAt }: { readonly startedAt: number; readonly finishedAt: number },
  redactor: Redactor,
  problem: string | undefined,
): SmokeReport {
  const { environment, release, digest, attempt } = suite.expected ?? {};
  const verdict = problem === undefined ? verdictOfRun(checks) : "error";
  const counts = countChecks(checks);
  const { sentence, next } = conclusion(suite, verdict, counts, checks, problem);
  return {
    slipway: "smoke",
    schema: 1,
    suite: suite.name ?? "smoke",
    verdict,
    expected: {
      ...(environment === undefined ? {} : { environment }),
      ...(release === undefined ? {} : { release }),
      ...(digest === undefined ? {} : { digest }),
      ...(attempt === undefined ? {} : { attempt }),
    },
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    ms: Math.round(finishedAt - startedAt),
    counts,
    checks,
    sentence: redactor.redact(sentence),
    next: redactor.redact(next),
  };
}

/** Optional checks that fail are shown, and do not decide; a run of optional checks alone proves nothing. */
function verdictOfRun(checks: readonly CheckReport[]) {
  return combineVerdicts(checks.filter(({ optional }) => !optional).map(({ verdict }) => verdict));
}

function countChecks(checks: readonly CheckReport[]): Counts {
  const bad = checks.filter(({ verdict }) => verdict !== "pass");
  return {
    checks: checks.length,
    passed: checks.length - bad.length,
    failed: bad.filter(({ optional }) => !optional).length,
    warned: bad.filter(({ optional }) => optional).length,
    retried: checks.filter(({ retried }) => retried).length,
  };
}

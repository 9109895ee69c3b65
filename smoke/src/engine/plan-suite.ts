import { planHttp } from "../checks/http.ts";
import { planVersion } from "../checks/version.ts";
import { durationMs } from "../definition/duration.ts";
import type { Check, CheckBase, FailureClass, RetryPolicy, Stability, Suite } from "../definition/suite.ts";
import { CheckFailure } from "./check-failure.ts";
import type { PlannedCheck, RetryPlan } from "./planned-check.ts";

/** The failures that another attempt may mend when a check does not say. */
const defaultRetryOn: readonly FailureClass[] = ["network", "timeout", "unavailable", "unhealthy"];

/**
 * Makes the checks of a suite ready to run, in the suite's order.
 *
 * @throws {CheckFailure} of class `configuration`, naming the check.
 */
export function planSuite(suite: Suite): PlannedCheck[] {
  const planned = suite.checks.flatMap((check, at) => planCheck(check, at, suite));
  const names = new Set<string>();
  for (const { name } of planned) {
    if (names.has(name))
      throw new CheckFailure("configuration", `two checks are named ${JSON.stringify(name)}`);
    names.add(name);
  }
  return planned;
}

function planCheck(check: Check, at: number, suite: Suite): PlannedCheck[] {
  try {
    const looks = check.kind === "version" ? planVersion(check, suite) : planHttp(check, suite);
    const common = planCommon({ ...suite.defaults, ...check }, check.kind ?? "http");
    return looks.map(({ label, attempt }) => {
      const vantage = looks.length > 1 ? ` ${label.slice(label.lastIndexOf("("))}` : "";
      return { ...common, name: check.name === undefined ? label : `${check.name}${vantage}`, attempt };
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const name = check.name === undefined ? "" : ` (${check.name})`;
    throw new CheckFailure("configuration", `checks[${at}]${name}: ${error.message}`, { cause: error });
  }
}

function planCommon(check: CheckBase, kind: string): Omit<PlannedCheck, "name" | "attempt"> {
  return {
    kind,
    tags: check.tags ?? [],
    optional: check.optional ?? false,
    timeoutMs: durationMs(check.timeout ?? 5_000),
    retry: planRetry(check.retry ?? {}),
    stable: planStability(check.stable ?? { times: 1 }),
  };
}

function planRetry(policy: RetryPolicy | false): RetryPlan {
  const { on, limit, every, backoff, max, jitter } = policy === false ? { on: [] } : policy;
  return {
    on: new Set(on ?? defaultRetryOn),
    limit: limit ?? Number.POSITIVE_INFINITY,
    everyMs: durationMs(every ?? 250),
    backoff: backoff ?? "constant",
    maxMs: durationMs(max ?? 2_000),
    jitter: jitter ?? 0.1,
  };
}

function planStability({ times, over }: Stability): PlannedCheck["stable"] {
  return { times, overMs: durationMs(over ?? 0) };
}

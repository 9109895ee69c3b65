import { planHttp } from "../checks/http.ts";
import { planVersion } from "../checks/version.ts";
import type { CheckBase, FailureClass, RetryPolicy, Stability } from "../definition/common.ts";
import { durationMs } from "../definition/duration.ts";
import type { Check } from "../definition/suite.ts";
import { CheckFailure, isCheckFailure } from "./check-failure.ts";
import type { Look, PlanContext, PlannedCheck, RetryPlan } from "./planned-check.ts";

/** The failures that another attempt may mend when a check does not say. */
const defaultRetryOn: readonly FailureClass[] = ["network", "timeout", "unavailable", "unhealthy"];

/**
 * Makes the checks of a suite ready to run, in the suite's order.
 *
 * @throws {CheckFailure} of class `configuration`, naming the check.
 */
export async function planSuite(context: PlanContext): Promise<PlannedCheck[]> {
  const { checks } = context.suite;
  const planned = (await Promise.all(checks.map((check, at) => planCheck(check, at, context)))).flat();
  const names = new Set<string>();
  for (const { name } of planned) {
    if (names.has(name))
      throw misconfigured(`two checks are named ${JSON.stringify(name)}: give one another name`);
    names.add(name);
  }
  return planned;
}

async function planCheck(check: Check, at: number, context: PlanContext): Promise<PlannedCheck[]> {
  try {
    const looks = await looksOf(check, context);
    const mutating = "mutating" in check && check.mutating === true;
    const common = planCommon({ ...context.suite.defaults, ...check }, mutating && check.retry === undefined);
    return looks.map(({ label, vantage, requests = 1, attempt, needs }) => ({
      ...common,
      kind: check.kind ?? "http",
      name: `${check.name ?? label}${vantage === undefined ? "" : ` (${vantage})`}`,
      timeoutMs: common.timeoutMs * requests,
      attempt,
      needs,
    }));
  } catch (error) {
    if (!(isCheckFailure(error) || error instanceof RangeError || error instanceof SyntaxError)) throw error;
    const name = check.name === undefined ? "" : ` (${check.name})`;
    throw new CheckFailure("configuration", `checks[${at}]${name}: ${error.message}`, { cause: error });
  }
}

// A release needs the first two at once; the others are loaded when a suite has them.
async function looksOf(check: Check, context: PlanContext): Promise<Look[]> {
  switch (check.kind) {
    case undefined:
    case "http":
      return planHttp(check, context);
    case "version":
      return planVersion(check, context);
    case "metrics":
      return (await import("../checks/metrics.ts")).planMetrics(check, context);
    case "function":
      return (await import("../checks/edge-function.ts")).planFunction(check, context);
    case "site":
      return (await import("../checks/site.ts")).planSite(check, context);
    case "tls":
      return (await import("../checks/tls.ts")).planTls(check, context);
    case "dns":
      return (await import("../checks/dns.ts")).planDns(check);
    case "tcp":
      return (await import("../checks/tcp.ts")).planTcp(check);
    case "command":
      return (await import("../checks/command.ts")).planCommand(check);
    case "sql":
      return (await import("../checks/sql.ts")).planSql(check, context);
    case "flow":
      return (await import("../checks/flow.ts")).planFlow(check, context);
    default:
      throw misconfigured(`there is no kind ${JSON.stringify((check as { kind?: unknown }).kind)}`);
  }
}

function planCommon(check: CheckBase, once: boolean) {
  return {
    tags: check.tags ?? [],
    optional: check.optional ?? false,
    timeoutMs: durationMs(check.timeout ?? 5_000),
    retry: planRetry(once ? false : (check.retry ?? {})),
    stable: planStability(check.stable ?? { times: 1 }),
  };
}

function planRetry(policy: RetryPolicy | false): RetryPlan {
  const { on, limit, every, backoff, max, jitter, for: time } = policy === false ? { on: [] } : policy;
  const everyMs = durationMs(every ?? 250);
  if (everyMs < 10) throw misconfigured("retry.every is at least 10 ms: less is an attack");
  const chance = jitter ?? 0.1;
  if (!(chance >= 0 && chance <= 1)) throw misconfigured("retry.jitter is between 0 and 1");
  return {
    on: new Set(on ?? defaultRetryOn),
    limit: limit ?? Number.POSITIVE_INFINITY,
    forMs: time === undefined ? Number.POSITIVE_INFINITY : durationMs(time),
    everyMs,
    backoff: backoff ?? "constant",
    maxMs: durationMs(max ?? 2_000),
    jitter: chance,
  };
}

function planStability({ times, over }: Stability): PlannedCheck["stable"] {
  if (!Number.isInteger(times) || times < 1) throw misconfigured("stable.times is a number from 1");
  return { times, overMs: durationMs(over ?? 0) };
}

function misconfigured(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}

import { durationMs } from "../definition/duration.ts";
import { fill } from "../definition/fill.ts";
import type { CleanUp, HttpCheck, RequestParts } from "../definition/http-checks.ts";
import type { Suite } from "../definition/suite.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Attempt, AttemptTools, Look, PlanContext } from "../engine/planned-check.ts";
import type { Finding } from "../engine/report.ts";
import { hostPort, type ResolvedPlace, resolvePlace } from "../engine/resolve-place.ts";
import { ask, methodOf } from "./ask.ts";
import { checkExpectation } from "./check-expectation.ts";
import { parseJsonPath, readJsonPath } from "./json-path.ts";
import { judgeAnswer, judgeStatus, parseJson } from "./judge-answer.ts";
import { checkSamples, judgeSamples } from "./samples.ts";

/** Makes the looks of an HTTP check: one for each vantage point. */
export function planHttp(check: HttpCheck, { suite }: PlanContext): Look[] {
  readOnlyUnlessSaid(check, check.mutating);
  if (check.cleanUp !== undefined && check.mutating !== true) throw misused("cleanUp needs mutating: true");
  checkExpectation(check.expect ?? {});
  for (const path of Object.values(check.capture ?? {})) parseJsonPath(path);
  if (check.samples !== undefined) checkSamples(check.samples, check.mutating === true);
  return resolvePlace(check, suite).map((place) => {
    const method = check.method === undefined ? "" : `${methodOf(check)} `;
    return {
      label: `${method}${place.label}`,
      ...(place.vantage === undefined ? {} : { vantage: place.vantage }),
      needs: { hosts: [hostPort(place.url)] },
      ...(check.samples === undefined ? {} : { requests: check.samples.times }),
      attempt: (tools: AttemptTools) => attemptHttp(check, place, suite, tools),
    };
  });
}

/**
 * Checks only look, unless they say that they change something.
 *
 * @throws {CheckFailure} of class `configuration`
 */
export function readOnlyUnlessSaid(parts: RequestParts, mutating: boolean | undefined): void {
  const method = methodOf(parts);
  if (method === "GET" || method === "HEAD" || mutating === true) return;
  throw misused(`${method} may change something: write mutating: true, and a cleanUp`);
}

async function attemptHttp(
  check: HttpCheck,
  place: ResolvedPlace,
  suite: Suite,
  tools: AttemptTools,
): Promise<Attempt> {
  const { cleanUp, samples, expect = {} } = check;
  const captured: Record<string, string> = {};
  if (cleanUp !== undefined) {
    tools.afterwards((signal) => runCleanUp(cleanUp, captured, suite, { ...tools, signal }));
  }
  if (samples !== undefined) {
    const timeoutMs = durationMs(check.timeout ?? suite.defaults?.timeout ?? 5_000);
    return judgeSamples(
      { ...samples, timeoutMs },
      tools,
      (limited) => ask(limited, place.url, check),
      expect,
    );
  }
  const answer = await ask(tools, place.url, check);
  Object.assign(captured, capture(check, answer.body));
  return { findings: await judgeAnswer(answer, expect), ...answer.wait };
}

function capture({ capture: paths = {} }: HttpCheck, body: string): Record<string, string> {
  const parsed = parseJson(body);
  if (!parsed.found) return {};
  const found = Object.entries(paths).map(
    ([name, path]) => [name, readJsonPath(parsed.value, path)] as const,
  );
  return Object.fromEntries(found.flatMap(([name, at]) => (at.found ? [[name, String(at.value)]] : [])));
}

async function runCleanUp(
  cleanUp: CleanUp,
  captured: Readonly<Record<string, string>>,
  suite: Suite,
  tools: AttemptTools,
): Promise<Finding[]> {
  const missing = new Set<string>();
  const filled = fill(cleanUp, (name) => {
    const value = captured[name.slice("capture.".length)];
    if (value === undefined) missing.add(name);
    return value;
  });
  if (missing.size > 0) {
    const seen = `the answer gave no ${[...missing].join(", ")}`;
    return [{ ok: false, what: "clean-up", expected: "done", seen, failure: "assertion" }];
  }
  const findings = await Promise.all(
    resolvePlace(filled, suite).map(async ({ url }) => {
      const answer = await ask(tools, url, filled);
      return judgeStatus(answer, { status: cleanUp.status ?? [200, 202, 204, 404] });
    }),
  );
  return findings.map((finding) => ({ ...finding, what: `clean-up ${finding.what}` }));
}

function misused(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}

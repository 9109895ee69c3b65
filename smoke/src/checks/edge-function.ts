import type { FunctionCheck, HttpExpectation } from "../definition/http-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { AttemptTools, Look, PlanContext } from "../engine/planned-check.ts";
import type { Finding } from "../engine/report.ts";
import { hostPort, type ResolvedPlace, resolvePlace } from "../engine/resolve-place.ts";
import { type Asked, ask } from "./ask.ts";
import { checkExpectation } from "./check-expectation.ts";
import { readOnlyUnlessSaid } from "./http.ts";
import { finding, judgeAnswer } from "./judge-answer.ts";
import { checkReading, readAnswer, readingText } from "./reading.ts";
import { plainVersion } from "./version-text.ts";

/** What a gateway answers for a function that is not there, does not boot, or runs out of something. */
const gatewayCodes: Readonly<Record<string, string>> = {
  NOT_FOUND: "not deployed",
  BOOT_ERROR: "it does not boot",
  WORKER_ERROR: "it crashed",
  WORKER_LIMIT: "it ran out of time or memory",
};

/** Makes the looks of an edge function check: one for each vantage point. */
export function planFunction(check: FunctionCheck, { suite }: PlanContext): Look[] {
  readOnlyUnlessSaid(check, check.mutating);
  checkExpectation(check.expect ?? {});
  if (check.version !== undefined) checkReading(check.version);
  const refuses = check.refusesWithoutKey ?? check.key !== undefined;
  if (refuses && check.key === undefined) throw misused("refusesWithoutKey needs a key");
  return resolvePlace(check, suite).map((place) => {
    const pinned =
      place.service === undefined ? undefined : suite.expected?.services?.[place.service]?.version;
    const version = pinned ?? suite.expected?.release;
    if (check.version !== undefined && version === undefined)
      throw misused("no version is expected to compare with");
    return {
      label: `function ${place.label}`,
      ...(place.vantage === undefined ? {} : { vantage: place.vantage }),
      needs: { hosts: [hostPort(place.url)] },
      attempt: async (tools) => {
        const [answer, refusal] = await Promise.all([
          ask(tools, place.url, { ...check, headers: { ...keyHeaders(check.key), ...check.headers } }),
          refuses ? judgeRefusal(check, place, tools) : undefined,
        ]);
        const findings = await judgeCall(answer, check.expect ?? {});
        if (check.version !== undefined && version !== undefined && findings.every(({ ok }) => ok)) {
          const seen = readAnswer(answer, check.version);
          const ok = seen !== undefined && plainVersion(seen) === plainVersion(version);
          findings.push(finding("version", version, seen ?? `nothing at ${readingText(check.version)}`, ok));
        }
        return { findings: refusal === undefined ? findings : [...findings, refusal], ...answer.wait };
      },
    };
  });
}

async function judgeCall(answer: Asked, expect: HttpExpectation): Promise<Finding[]> {
  const findings = await judgeAnswer(answer, expect);
  const why = gatewayReason(answer);
  const [status] = findings;
  if (status === undefined || status.ok || why === undefined) return findings;
  return [{ ...status, seen: `${answer.status}: ${why}` }];
}

function gatewayReason({ headers, body }: Asked): string | undefined {
  const code = headers["sb-error-code"] ?? /"code"\s*:\s*"([A-Z_]+)"/.exec(body)?.[1];
  return code === undefined ? undefined : (gatewayCodes[code] ?? code);
}

/** Calls without the key, reading only: a mutating call must not be made twice. */
async function judgeRefusal(
  check: FunctionCheck,
  place: ResolvedPlace,
  tools: AttemptTools,
): Promise<Finding> {
  const { authorization: _a, apikey: _k, ...headers } = lowerCased(check.headers ?? {});
  const body = check.mutating === true ? {} : { body: check.body };
  const answer = await ask(tools, place.url, { method: check.method ?? "GET", headers, ...body });
  const ok = answer.status === 401 || answer.status === 403;
  return finding("without key", "401 or 403", String(answer.status), ok);
}

function keyHeaders(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}`, apikey: key };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function misused(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}

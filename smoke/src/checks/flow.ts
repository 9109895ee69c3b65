import type { FlowCheck, FlowClient } from "../definition/system-checks.ts";
import { CheckFailure, isCheckFailure } from "../engine/check-failure.ts";
import { networkFailure } from "../engine/network-failure.ts";
import type { AttemptTools, Look, PlanContext } from "../engine/planned-check.ts";
import type { Finding } from "../engine/report.ts";
import { hostPort, resolvePlace } from "../engine/resolve-place.ts";
import { judgeValue } from "./judge-answer.ts";

/** Makes the one look of a flow. */
export function planFlow(check: FlowCheck, context: PlanContext): Look[] {
  const { services, expected } = context.suite;
  const bases = [...Object.values(services ?? {}), ...Object.values(expected?.services ?? {})];
  const urls = bases.flatMap(({ address, public: outside }) => address ?? outside ?? []);
  return [
    {
      label: "flow",
      needs: { hosts: urls.filter((url) => URL.canParse(url)).map(hostPort) },
      attempt: (tools) => attemptFlow(check, context, tools),
    },
  ];
}

async function attemptFlow(check: FlowCheck, { suite, runId }: PlanContext, tools: AttemptTools) {
  const findings: Finding[] = [];
  try {
    await check.run({
      signal: tools.signal,
      runId,
      http: async (service) => {
        const [place] = resolvePlace({ path: "/", ...(service === undefined ? {} : { service }) }, suite);
        return flowClient(place!.url, check.mutating === true, tools);
      },
      expect: (what, seen, matcher) => {
        findings.push(judgeValue(what, { found: seen !== undefined, value: seen }, matcher));
      },
      afterwards: (cleanUp) =>
        tools.afterwards(async (signal) => {
          await cleanUp(signal);
          return [];
        }),
    });
  } catch (error) {
    if (tools.signal.aborted) throw tools.signal.reason;
    throw flowFailure(error);
  }
  if (findings.length === 0) throw new CheckFailure("no-data", "the flow expected nothing");
  return { findings };
}

/** ky with the service in front. It does not retry: the flow as a whole does, where its check says so. */
async function flowClient(base: string, mutating: boolean, tools: AttemptTools): Promise<FlowClient> {
  const { default: ky } = await import("ky");
  return ky.create({
    prefix: base,
    retry: 0,
    timeout: false,
    redirect: "manual",
    signal: tools.signal,
    headers: { "user-agent": "slipway-smoke" },
    hooks: {
      beforeRequest: [
        ({ request }) => {
          if (mutating || request.method === "GET" || request.method === "HEAD") return;
          throw new CheckFailure("configuration", `${request.method} needs mutating: true on the flow`);
        },
      ],
      afterResponse: [() => tools.answered()],
    },
  });
}

function flowFailure(error: unknown): unknown {
  if (isCheckFailure(error)) return error;
  if (!(error instanceof Error)) return new CheckFailure("assertion", String(error));
  if (error.name === "HTTPError") return new CheckFailure("assertion", error.message);
  const { request } = error as { readonly request?: { readonly url: string } };
  if (request !== undefined) return networkFailure(request.url, error);
  return new CheckFailure("assertion", error.message);
}

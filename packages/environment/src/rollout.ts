import type { Verdict } from "@slipway/kernel";
import type { Route, TrafficState } from "@slipway/targets";
import type { RolloutSettings } from "./settings.ts";

/**
 * The routes at a step: the new backends get `percent` of each service, the old ones share the rest as
 * they did before. A service without old backends goes to its new one whole.
 */
export function routesAt(before: readonly Route[], after: readonly Route[], percent: number): Route[] {
  return after.map((route) => {
    const fresh = new Set(route.backends.map((backend) => backend.instance));
    const old = (before.find(({ service }) => service === route.service)?.backends ?? []).filter(
      (backend) => backend.weight > 0 && !fresh.has(backend.instance),
    );
    if (percent >= 100 || old.length === 0) return route;
    const total = old.reduce((sum, backend) => sum + backend.weight, 0);
    return {
      ...route,
      backends: [
        ...old.map((backend) => ({ ...backend, weight: ((100 - percent) * backend.weight) / total })),
        ...route.backends.map((backend) => ({ ...backend, weight: (percent * backend.weight) / 100 })),
      ],
    };
  });
}

/** What the watched time of a step shows. Too few requests conclude nothing, and only a pass advances. */
export function judgeStep(
  start: TrafficState,
  end: TrafficState,
  after: readonly Route[],
  { maxErrorRate, minSamples }: RolloutSettings,
): { verdict: Verdict; why: string } {
  let requests = 0;
  let failures = 0;
  for (const { backends } of after) {
    for (const { instance } of backends) {
      requests += (end.counters[instance]?.requests ?? 0) - (start.counters[instance]?.requests ?? 0);
      failures += (end.counters[instance]?.failures ?? 0) - (start.counters[instance]?.failures ?? 0);
    }
  }
  if (!end.running) return { verdict: "error", why: "the router is gone" };
  const seen = `${failures} of ${requests} requests failed`;
  // With no samples asked for, a quiet environment may pass; that is the owner's written choice.
  if (requests < minSamples)
    return {
      verdict: "no-data",
      why: `${requests} requests are fewer than the ${minSamples} that rollout.minSamples asks for`,
    };
  if (requests > 0 && failures / requests > maxErrorRate)
    return { verdict: "fail", why: `${seen}, more than ${maxErrorRate * 100} %` };
  return { verdict: "pass", why: seen };
}

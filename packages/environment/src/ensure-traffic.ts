import { setTimeout as sleep } from "node:timers/promises";
import { SlipwayError } from "@slipway/kernel";
import { appendAudit, setTraffic } from "@slipway/ledger";
import type { Route, TrafficState } from "@slipway/targets";
import { freshPlan } from "./ensure-schema.ts";
import { smokeEvidence } from "./evidence.ts";
import { failpoint } from "./failpoint.ts";
import { type RunPlan, wantedRoutes } from "./plan.ts";
import { judgeStep, routesAt } from "./rollout.ts";
import { runDatabase } from "./run-database.ts";
import type { OpenRun, RunSession } from "./run-session.ts";

/** Where the release is served now. */
export interface TrafficResult {
  readonly address: string;
  readonly steps: readonly number[];
}

/**
 * The fifth ensure: the pin gets all the traffic, in the configured steps when going forward, at once when
 * going back. A step that breaches puts back what was there and fails.
 *
 * @param smoke the smoke step's output, the permission to go on.
 * @throws {SlipwayError} EVIDENCE_MISSING, SMOKE_FAILED, SERVICE_EXITED, ROLLOUT_BREACHED, ROUTER_FAILED, LEASE_LOST.
 */
export async function ensureTraffic(session: RunSession, smoke: string): Promise<TrafficResult> {
  const run = session.current("traffic");
  const { environment } = session;
  const evidence = smokeEvidence(smoke, run);
  const db = await runDatabase(environment);
  const { id, token, actor } = run;
  const { verdict, checks, failed, retried, ms } = evidence;
  await appendAudit(db, token, {
    actor,
    run: id,
    kind: "smoke.passed",
    subject: run.manifest.version,
    data: { verdict, checks, failed, retried, ms, digest: run.manifest.digest },
  });
  await session.advance("smoke");

  await failpoint("traffic.before");
  const plan = await freshPlan(session, run);
  if (plan.start.length > 0) {
    throw new SlipwayError("SERVICE_EXITED", {
      what: `Cannot give traffic to release ${run.manifest.version}`,
      why: `after its smoke test this was no longer running: ${plan.start.join(", ")}`,
      todo: "Read its log in .slipway/, then run slipway up again; traffic was not touched",
    });
  }
  const { instances, traffic } = await environment.observe();
  const addresses = Object.fromEntries(instances.map((instance) => [instance.id, instance.address]));
  const after = wantedRoutes(plan.instances, addresses);
  const steps = plan.shift ? await shift(session, run, plan, traffic, after) : [];
  await failpoint("traffic.shifted");
  const routed = await environment.target.traffic();
  await setTraffic(db, {
    token,
    run: id,
    actor,
    rows: after.flatMap(({ service, backends }) =>
      backends.map(({ instance, weight }) => ({ service, instance, weight })),
    ),
  });
  await session.advance("traffic");
  await failpoint("traffic.recorded");
  environment.forget();
  if (routed.address === null)
    throw new SlipwayError("ROUTER_FAILED", { what: "The router has no address after the switch" });
  return { address: routed.address, steps };
}

async function shift(
  session: RunSession,
  run: OpenRun,
  plan: RunPlan,
  before: TrafficState,
  after: readonly Route[],
): Promise<number[]> {
  const { target, settings, context } = session.environment;
  const { rollout } = settings;
  // Nothing was served before, or the way is back: there is nobody to protect from the pin, or everybody to bring back to it.
  const carrying =
    before.running && before.routes.some((route) => route.backends.some((backend) => backend.weight > 0));
  const steps = carrying && plan.direction === "forward" ? rollout.steps : [100];
  for (const percent of steps) {
    const start = await target.route(routesAt(before.routes, after, percent), run.signal);
    if (percent === 100) break;
    context.log(
      "info",
      `${run.manifest.version} has ${percent} % of the traffic, watching for ${rollout.soakSeconds} s`,
    );
    await sleep(rollout.soakSeconds * 1000, undefined, { signal: run.signal }).catch(() =>
      run.signal.throwIfAborted(),
    );
    const step = judgeStep(start, await target.traffic(), after, rollout);
    if (step.verdict === "pass") continue;
    await target.route(before.routes);
    throw new SlipwayError("ROLLOUT_BREACHED", {
      what: `Release ${run.manifest.version} was stopped at ${percent} %`,
      why: step.why,
      todo: "Traffic is back where it was; run slipway rollback, or cut a corrected release",
    });
  }
  return [...steps];
}

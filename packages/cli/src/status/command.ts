import { pinnedManifest, planRun } from "@slipway/environment";
import { readPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { planView } from "../plan/plan-view.ts";
import { findProject, openProject, readEnvironment, stackFile } from "../project.ts";

export const statusCommand = buildCommand<CommonFlags, [], CliContext>({
  docs: {
    brief: "What is pinned, what runs, what is served, and whether that agrees",
    fullDescription:
      "Looks at the ledger and the world and changes nothing.\n\nExamples:\n  slipway status\n  slipway status --env production --output json",
  },
  parameters: { flags: { env: envFlag, output: outputFlag } },
  async func({ env, output }) {
    try {
      const project = findProject(this.process.cwd);
      const environment = openProject(this, project, readEnvironment(project, env).settings);
      try {
        const pin = readPin(stackFile(project, env));
        const observation = await environment.observe();
        const manifest = await pinnedManifest(environment, pin);
        const plan = planView(planRun({ manifest, settings: environment.settings, observation }));
        const { ledger, instances, traffic } = observation;
        const status = {
          environment: env,
          pin,
          verified: ledger.verified?.release ?? null,
          agrees: !plan.change,
          reasons: plan.reasons,
          url: traffic.running ? traffic.address : null,
          schemaHead: ledger.applied.at(-1)?.id ?? null,
          database: observation.database,
          instances: instances.map(({ id, service, version, address, alive }) => ({
            id,
            service,
            version,
            address,
            alive,
            weight: weightOf(traffic.routes, id),
          })),
          lease: ledger.lease?.live
            ? { owner: ledger.lease.owner, reason: ledger.lease.reason, since: ledger.lease.acquiredAt }
            : null,
          auditHead: ledger.auditHead,
        };
        this.result(output, status, renderStatus(status));
      } finally {
        await environment.close();
      }
    } catch (error) {
      reportError(this, output, error);
    }
  },
});

interface Status {
  readonly environment: string;
  readonly pin: string;
  readonly verified: string | null;
  readonly agrees: boolean;
  readonly reasons: readonly string[];
  readonly url: string | null;
  readonly schemaHead: string | null;
  readonly instances: readonly { id: string; address: string; alive: boolean; weight: number }[];
  readonly lease: { owner: string; reason: string; since: string } | null;
}

/** The status for people. */
export function renderStatus(status: Status): string {
  const lines = [
    `environment  ${status.environment}`,
    `pin          ${status.pin}`,
    `verified     ${status.verified ?? "nothing yet"}`,
    `served at    ${status.url ?? "nowhere: the router does not run"}`,
    `schema head  ${status.schemaHead ?? "none"}`,
    ...status.instances.map(
      ({ id, address, alive, weight }) => `instance     ${id}  ${alive ? address : "dead"}  ${weight} %`,
    ),
    ...(status.lease === null
      ? []
      : [`held by      ${status.lease.owner} since ${status.lease.since}: ${status.lease.reason}`]),
  ];
  const verdict = status.agrees
    ? "as pinned"
    : `not as pinned: ${status.reasons.join("; ")}\n  do: slipway up --env ${status.environment}`;
  return [...lines, verdict].join("\n");
}

function weightOf(
  routes: readonly { backends: readonly { instance: string; weight: number }[] }[],
  id: string,
): number {
  return routes.flatMap(({ backends }) => backends).find(({ instance }) => instance === id)?.weight ?? 0;
}

import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { findProject } from "../project.ts";
import { renderTable } from "../render-table.ts";
import { verb } from "../verb.ts";
import { type TourResult, tour } from "./tour.ts";

export const tourCommand = buildCommand<CommonFlags, [], CliContext>({
  docs: {
    customUsage: ["[flags]"],
    brief: "See the example released and rolled back under load",
    fullDescription: [
      "Deploys 1.0.0, releases 1.1.0 under steady load, kills its flag, tries the broken 1.2.0, and",
      "reverts the pin to 1.0.0. Fails when a request is dropped or a step does not end as it has to.",
      "",
      "Example:",
      "  slipway tour",
    ].join("\n"),
  },
  parameters: { flags: { env: envFlag, output: outputFlag } },
  func: verb(async (context, flags: CommonFlags) => {
    const name = environmentName(context.process.env, flags);
    const result = await tour(context, findProject(context.process.cwd), name, flags.output);
    context.result(flags.output, result, renderTour(name, result));
  }),
});

/** The closing table, and what to try next. */
export function renderTour(environment: string, { steps, auditEvents, auditHead, url }: TourResult): string {
  const rows = steps.map(({ step, outcome, seconds, sent, dropped, schemaHead, served }) => [
    step,
    outcome,
    // A kill is too quick for tenths.
    seconds.toFixed(seconds < 1 ? 2 : 1),
    String(sent),
    String(dropped),
    schemaHead,
    served,
  ]);
  return [
    "",
    renderTable(["step", "outcome", "seconds", "sent", "dropped", "schema head", "served"], rows),
    "",
    `${sum(steps.map(({ sent }) => sent))} requests, ${sum(steps.map(({ dropped }) => dropped))} dropped; the audit chain of ${auditEvents} events verifies, head ${auditHead}`,
    `${environment} is running at ${url}`,
    "",
    "try next:",
    `  npx slipway status --env ${environment}`,
    `  npx slipway flag history discounts --env ${environment}`,
    `  npx slipway pin ${environment} 1.3.0 && npx slipway up --env ${environment}`,
    `  npx slipway down --env ${environment}`,
  ].join("\n");
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, next) => total + next, 0);

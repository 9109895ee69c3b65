import { type OpenEnvironment, pinnedManifest, planRun } from "@slipway/environment";
import { isSlipwayError, type SlipwayError } from "@slipway/kernel";
import { readPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../flags.ts";
import { type PlanView, planView } from "../plan/plan-view.ts";
import { stackFile, withEnvironment } from "../project.ts";
import { verb } from "../verb.ts";
import { renderStatus, statusView } from "./status-view.ts";

export const statusCommand = buildCommand<CommonFlags, [string?], CliContext>({
  docs: {
    brief: "What is pinned, what runs, what is served, and whether that agrees",
    fullDescription: [
      "Looks at the ledger and the world and changes nothing. Exits 2 when the pinned release cannot be used.",
      "",
      "Examples:",
      "  slipway status",
      "  slipway status production",
      "  slipway status --env production --output json",
    ].join("\n"),
  },
  parameters: { positional: envWord, flags: { env: envFlag, output: outputFlag } },
  func: verb(async (context, flags: CommonFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    await withEnvironment(context, name, async ({ project, environment }) => {
      const pin = readPin(stackFile(project, name));
      const { plan, problem } = await whatIsMissing(environment, pin);
      const status = statusView({ pin, plan, problem, observation: await environment.observe() }, name);
      context.result(flags.output, status, renderStatus(status, problem));
      if (problem !== null) context.exit(exitCodes.refused);
    });
  }),
});

// A pin that cannot be read must not hide what runs: that is what people look for when something is wrong.
async function whatIsMissing(
  environment: OpenEnvironment,
  pin: string,
): Promise<{ plan: PlanView | null; problem: SlipwayError | null }> {
  const observation = await environment.observe();
  try {
    const manifest = await pinnedManifest(environment, pin);
    return {
      plan: planView(planRun({ manifest, settings: environment.settings, observation })),
      problem: null,
    };
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    return { plan: null, problem: error };
  }
}

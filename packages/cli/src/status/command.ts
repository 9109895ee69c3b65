import { type Observation, type OpenEnvironment, pinnedManifest, planRun } from "@slipway/environment";
import { isSlipwayError } from "@slipway/kernel";
import { readPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../flags.ts";
import { planView } from "../plan/plan-view.ts";
import { stackFile, withEnvironment } from "../project.ts";
import { verb } from "../verb.ts";
import { renderStatus, type StatusFacts, statusView } from "./status-view.ts";

export const statusCommand = buildCommand<CommonFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "What is pinned, what runs, what is served, and whether that agrees",
    fullDescription: [
      "Looks at the ledger and the world and changes nothing. Exits 2 when the pin or the database cannot",
      "be used.",
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
      const facts = await lookAround(environment, readPin(stackFile(project, name)));
      const status = statusView(facts, name);
      context.result(flags.output, status, renderStatus(status, facts.problem));
      if (facts.problem !== null) context.exit(exitCodes.refused);
    });
  }),
});

// A database that does not answer, or a pin that cannot be read, must not hide what runs: that is what people
// look for when something is wrong.
async function lookAround(environment: OpenEnvironment, pin: string): Promise<StatusFacts> {
  const { target, settings } = environment;
  let observation: Observation;
  try {
    observation = await environment.observe();
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    const [instances, traffic] = await Promise.all([target.instances(), target.traffic()]);
    return { pin, plan: null, problem: error, database: "unreachable", ledger: null, instances, traffic };
  }
  try {
    const manifest = await pinnedManifest(environment, pin);
    const plan = planView(planRun({ manifest, settings, observation }));
    return { pin, plan, problem: null, ...observation };
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    return { pin, plan: null, problem: error, ...observation };
  }
}

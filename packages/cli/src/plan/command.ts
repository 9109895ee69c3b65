import { renderError } from "@slipway/kernel";
import { readPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../flags.ts";
import { stackFile, withEnvironment } from "../project.ts";
import { errorView } from "../report-error.ts";
import { planUp } from "../up/up.ts";
import { verb } from "../verb.ts";
import { planView, renderPlan } from "./plan-view.ts";

export const planCommand = buildCommand<CommonFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Show what slipway up would do, and every reason why it would refuse",
    fullDescription: [
      "Changes nothing. Exits 2 when a gate would refuse.",
      "",
      "Examples:",
      "  slipway plan",
      "  slipway plan production",
      "  slipway plan --env production --output json",
    ].join("\n"),
  },
  parameters: { positional: envWord, flags: { env: envFlag, output: outputFlag } },
  func: verb(async (context, flags: CommonFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    await withEnvironment(context, name, async ({ project, environment }) => {
      const { pins, first } = await planUp(environment, readPin(stackFile(project, name)));
      const view = planView(first.plan);
      const refusals = first.refusals.map(errorView);
      const text = [
        renderPlan(name, view),
        ...(pins.length > 1 ? [`  in ${pins.length} steps: ${pins.join(", ")}`] : []),
        ...first.refusals.map(renderError),
      ];
      context.result(flags.output, { environment: name, pins, plan: view, refusals }, text.join("\n"));
      if (refusals.length > 0) context.exit(exitCodes.refused);
    });
  }),
});

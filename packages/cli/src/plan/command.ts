import { renderError } from "@slipway/kernel";
import { readPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { findProject, openProject, readEnvironment, stackFile } from "../project.ts";
import { planUp } from "../up/up.ts";
import { planView, renderPlan } from "./plan-view.ts";

export const planCommand = buildCommand<CommonFlags, [], CliContext>({
  docs: {
    brief: "Show what slipway up would do, and every reason why it would refuse",
    fullDescription:
      "Changes nothing. Exits 2 when a gate would refuse.\n\nExamples:\n  slipway plan\n  slipway plan --env production --output json",
  },
  parameters: { flags: { env: envFlag, output: outputFlag } },
  async func({ env, output }) {
    try {
      const project = findProject(this.process.cwd);
      const environment = openProject(this, project, readEnvironment(project, env).settings);
      try {
        const { pins, first } = await planUp(environment, readPin(stackFile(project, env)));
        const view = planView(first.plan);
        const refusals = first.refusals.map(({ code, what, why, todo }) => ({
          code,
          what,
          why: why ?? null,
          todo,
        }));
        const text = [
          renderPlan(env, view),
          ...(pins.length > 1 ? [`  in ${pins.length} steps: ${pins.join(", ")}`] : []),
        ];
        this.result(
          output,
          { environment: env, pins, plan: view, refusals },
          [...text, ...first.refusals.map(renderError)].join("\n"),
        );
        if (first.refusals.length > 0) this.exit(exitCodes.refused);
      } finally {
        await environment.close();
      }
    } catch (error) {
      reportError(this, output, error);
    }
  },
});

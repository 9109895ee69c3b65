import { readPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { envWord, outputFlag } from "../flags.ts";
import { stackFile, withEnvironment } from "../project.ts";
import { verb } from "../verb.ts";
import { estimateFromFlag, type PlanFlags, planEnvFlag, showPlan } from "./show-plan.ts";

export const planCommand = buildCommand<PlanFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Show what slipway up would do, and every reason why it would refuse",
    fullDescription: [
      "Changes nothing. Exits 2 when a gate would refuse. Of each migration: what it blocks, the rows that",
      "it goes through, how long it took where it ran before, and what a rollback would lose.",
      "",
      "Examples:",
      "  slipway plan",
      "  slipway plan production --estimate-from staging",
      "  slipway plan --env production --output json",
    ].join("\n"),
  },
  parameters: {
    positional: envWord,
    flags: { env: planEnvFlag, estimateFrom: estimateFromFlag, output: outputFlag },
  },
  func: verb(async (context, flags: PlanFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    await withEnvironment(context, name, (opened) =>
      showPlan(context, opened, flags, readPin(stackFile(opened.project, name))),
    );
  }),
});

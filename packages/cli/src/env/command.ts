import { dirname } from "node:path";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { pulumiVariables } from "../pulumi/pulumi-variables.ts";
import { findPulumi } from "../pulumi/update-stack.ts";

export const envCommand = buildCommand<Record<never, never>, [], CliContext>({
  docs: {
    brief: "Print the variables with which plain pulumi commands work",
    fullDescription: 'Examples:\n  eval "$(npx slipway env)" && cd stacks && pulumi up --stack dev',
  },
  parameters: {},
  async func() {
    try {
      const { binFolder } = await findPulumi(this);
      const variables = pulumiVariables(this.process.env, {
        binFolder,
        nodeFolder: dirname(process.execPath),
      });
      const names = ["PATH", "PULUMI_SKIP_UPDATE_CHECK", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"];
      const passphrase =
        this.process.env.PULUMI_CONFIG_PASSPHRASE === undefined &&
        this.process.env.PULUMI_CONFIG_PASSPHRASE_FILE === undefined;
      if (passphrase) names.push("PULUMI_CONFIG_PASSPHRASE");
      for (const name of names)
        this.process.stdout.write(`export ${name}='${(variables[name] ?? "").replaceAll("'", `'\\''`)}'\n`);
    } catch (error) {
      reportError(this, "text", error);
    }
  },
});

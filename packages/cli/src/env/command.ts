import { dirname } from "node:path";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../cli-context.ts";
import { outputFlag } from "../flags.ts";
import { pulumiVariables } from "../pulumi/pulumi-variables.ts";
import { findPulumi } from "../pulumi/update-stack.ts";
import { verb } from "../verb.ts";

interface EnvFlags {
  readonly output: OutputFormat;
}

const NAMES = [
  "PATH",
  "NODE_COMPILE_CACHE",
  "PULUMI_SKIP_UPDATE_CHECK",
  "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
];
const PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE";

export const envCommand = buildCommand<EnvFlags, [], CliContext>({
  docs: {
    customUsage: ["[flags]"],
    brief: "Print the variables with which plain pulumi commands work",
    fullDescription: [
      "A passphrase that is set already is left out.",
      "",
      "Examples:",
      '  eval "$(npx slipway env)" && cd stacks && pulumi up --stack dev',
      "  slipway env --output json",
    ].join("\n"),
  },
  parameters: { flags: { output: outputFlag } },
  func: verb(async (context, { output }: EnvFlags) => {
    const { env } = context.process;
    const { binFolder } = await findPulumi(context);
    const all = pulumiVariables(env, { binFolder, nodeFolder: dirname(process.execPath) });
    const hasPassphrase = env[PASSPHRASE] !== undefined || env[`${PASSPHRASE}_FILE`] !== undefined;
    const names = hasPassphrase ? NAMES : [...NAMES, PASSPHRASE];
    const variables = Object.fromEntries(names.map((name) => [name, all[name] ?? ""]));
    const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
    context.result(output, { variables }, lines.join("\n"));
  }),
});

/** A value as one word for a shell. */
const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

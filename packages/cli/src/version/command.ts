import { versions } from "@slipway/toolchain";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../cli-context.ts";
import { outputFlag } from "../flags.ts";
import { verb } from "../verb.ts";
import { version } from "../version.ts";

interface VersionFlags {
  readonly output: OutputFormat;
}

export const versionCommand = buildCommand<VersionFlags, [], CliContext>({
  docs: {
    customUsage: ["[flags]"],
    brief: "Print the versions of Slipway, Node and the Pulumi that it uses",
    fullDescription: ["Examples:", "  slipway version", "  slipway version --output json"].join("\n"),
  },
  parameters: { flags: { output: outputFlag } },
  func: verb((context, { output }: VersionFlags) => {
    const found = { slipway: version, node: process.versions.node, pulumi: versions.pulumi };
    const lines = Object.entries(found).map(([name, number]) => `${name.padEnd(8)} ${number}`);
    context.result(output, found, lines.join("\n"));
  }),
});

import { join } from "node:path";
import { presentPin, readManifest, setPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../cli-context.ts";
import { outputFlag } from "../flags.ts";
import { findProject, stackFile } from "../project.ts";
import { verb } from "../verb.ts";

interface PinFlags {
  readonly output: OutputFormat;
}

export const pinCommand = buildCommand<PinFlags, [string, string], CliContext>({
  docs: {
    customUsage: ["[flags] <env> <version>"],
    brief: "Pin a release in an environment's stack file",
    fullDescription: [
      "Writes slipway:release in stacks/Pulumi.<env>.yaml and nothing else; slipway up or pulumi up makes",
      "it so.",
      "",
      "Examples:",
      "  slipway pin dev 1.1.0",
      "  slipway pin production 1.0.0",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { parse: String, brief: "The environment", placeholder: "env" },
        { parse: String, brief: "The release", placeholder: "version" },
      ],
    },
    flags: { output: outputFlag },
  },
  func: verb((context, { output }: PinFlags, environment: string, version: string) => {
    const project = findProject(context.process.cwd);
    const file = stackFile(project, environment);
    const from = presentPin(file);
    const manifest = readManifest(join(project.stacks, "releases"), version);
    setPin(file, manifest.version);
    const text =
      from === manifest.version
        ? `${environment} is pinned to ${from} already`
        : `${environment}: ${from === null ? "" : `${from} -> `}${manifest.version}`;
    context.result(
      output,
      { environment, from, release: manifest.version },
      `${text}\n  next: slipway up --env ${environment}`,
    );
  }),
});

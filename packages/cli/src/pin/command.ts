import { join } from "node:path";
import { readManifest, readPin, setPin } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import { type CliContext, reportError } from "../cli-context.ts";
import { outputFlag } from "../flags.ts";
import { findProject, stackFile } from "../project.ts";

export const pinCommand = buildCommand<{ output: "text" | "json" | "ndjson" }, [string, string], CliContext>({
  docs: {
    brief: "Pin a release in an environment's stack file",
    fullDescription:
      "Writes slipway:release in stacks/Pulumi.<env>.yaml and nothing else; slipway up or pulumi up makes it so.\n\nExamples:\n  slipway pin dev 1.1.0\n  slipway pin production 1.0.0",
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
  async func({ output }, environment, version) {
    try {
      const project = findProject(this.process.cwd);
      const file = stackFile(project, environment);
      const manifest = readManifest(join(project.stacks, "releases"), version);
      const from = readPin(file);
      setPin(file, manifest.version);
      this.result(
        output,
        { environment, from, release: manifest.version },
        `${environment}: ${from} -> ${manifest.version}\n  next: slipway up --env ${environment}`,
      );
    } catch (error) {
      reportError(this, output, error);
    }
  },
});

import { cutRelease, rebuildRelease } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import { type CliContext, type OutputFormat, reportError } from "../cli-context.ts";
import { outputFlag } from "../flags.ts";
import { findProject } from "../project.ts";
import { proveRollbacks } from "./prove-rollbacks.ts";

interface CutFlags {
  readonly output: OutputFormat;
  readonly head?: string;
  readonly rebuild: boolean;
  readonly noProve: boolean;
}

export const cutCommand = buildCommand<CutFlags, [string], CliContext>({
  docs: {
    brief: "Cut a release from a clean git tree",
    fullDescription: [
      "Builds every service of stacks/product.yaml, packs the results under their digests, and writes the",
      "manifest stacks/releases/<version>.json. Commit the manifest; the artifacts stay in .slipway/artifacts.",
      "",
      "Examples:",
      "  slipway cut 1.1.0",
      "  slipway cut 1.1.0 --head 20260102000001_discounts   leave newer migrations out",
      "  slipway cut 1.1.0 --rebuild                         make missing artifacts of a release again",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "The version, like 1.4.0", placeholder: "version" }],
    },
    flags: {
      head: { kind: "parsed", parse: String, optional: true, brief: "Last migration to include" },
      rebuild: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Build the artifacts of an existing release again; they must come out the same",
      },
      noProve: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief:
          "Do not prove the rollbacks on an embedded Postgres: they are tried for the first time when needed",
      },
      output: outputFlag,
    },
  },
  async func({ output, head, rebuild, noProve }, version) {
    try {
      const { root } = findProject(this.process.cwd);
      const options = { root, onProgress: (line: string) => this.progress(line), signal: this.signal };
      const manifest = rebuild
        ? await rebuildRelease(version, options)
        : await cutRelease(version, {
            ...options,
            ...(head === undefined ? {} : { head }),
            ...(noProve ? {} : { prove: (migrations) => proveRollbacks(migrations, options) }),
          });
      const services = Object.entries(manifest.services).map(
        ([name, service]) => `  ${name}  ${service.version}  ${service.artifact.slice(0, 19)}`,
      );
      const text = `${rebuild ? "rebuilt" : "cut"} ${manifest.version} (${manifest.digest.slice(0, 19)}), ${manifest.migrations.length} migrations\n${services.join("\n")}\n  next: commit stacks/releases/${manifest.version}.json, then slipway pin <env> ${manifest.version}`;
      this.result(output, { manifest }, text);
    } catch (error) {
      reportError(this, output, error);
    }
  },
});

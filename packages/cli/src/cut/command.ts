import { cutRelease, type Manifest, rebuildRelease } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../cli-context.ts";
import { outputFlag } from "../flags.ts";
import { findProject } from "../project.ts";
import { verb } from "../verb.ts";
import { proveRollbacks } from "./prove-rollbacks.ts";

interface CutFlags {
  readonly output: OutputFormat;
  readonly head?: string;
  readonly rebuild?: boolean;
  readonly noProve?: boolean;
}

export const cutCommand = buildCommand<CutFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] <version>"],
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
        optional: true,
        withNegated: false,
        brief: "Build the artifacts of an existing release again; they must come out the same",
      },
      noProve: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief:
          "Do not prove the rollbacks on an embedded Postgres: they are tried for the first time when needed",
      },
      output: outputFlag,
    },
  },
  func: verb(
    async (context, { output, head, rebuild = false, noProve = false }: CutFlags, version: string) => {
      const { root } = findProject(context.process.cwd);
      const options = { root, onProgress: (line: string) => context.progress(line), signal: context.signal };
      const manifest = rebuild
        ? await rebuildRelease(version, options)
        : await cutRelease(version, {
            ...options,
            ...(head === undefined ? {} : { head }),
            ...(noProve ? {} : { prove: (migrations) => proveRollbacks(migrations, options) }),
          });
      context.result(output, { manifest }, renderCut(manifest, rebuild));
    },
  ),
});

/** What was cut, for people. */
export function renderCut({ version, digest, migrations, services }: Manifest, rebuilt: boolean): string {
  const count = `${migrations.length} ${migrations.length === 1 ? "migration" : "migrations"}`;
  const next = rebuilt
    ? "slipway up can start its services again"
    : `commit stacks/releases/${version}.json, then slipway pin <env> ${version}`;
  return [
    `${rebuilt ? "rebuilt" : "cut"} ${version} (${short(digest)}), ${count}`,
    ...Object.entries(services).map(
      ([name, service]) => `  ${name}  ${service.version}  ${short(service.artifact)}`,
    ),
    `  next: ${next}`,
  ].join("\n");
}

/** A digest as far as people compare it. */
const short = (digest: string): string => digest.slice(0, "sha256:".length + 12);

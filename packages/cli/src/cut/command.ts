import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import type { Migration } from "@slipway/migrations";
import { cutRelease, listManifests, type Manifest, rebuildRelease } from "@slipway/release";
import { checkSuite } from "@slipway/smoke";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../cli-context.ts";
import { outputFlag, reasonFlag } from "../flags.ts";
import { databaseFlag, databaseOf, fromEnvFlag } from "../migrate/prove/database-flag.ts";
import { findProject } from "../project.ts";
import { verb } from "../verb.ts";
import { lintNew } from "./lint-new.ts";
import { knownMigrations, proveRollbacks, waiveAll } from "./prove-rollbacks.ts";

interface CutFlags {
  readonly output: OutputFormat;
  readonly head?: string;
  readonly rebuild?: boolean;
  readonly noProve?: boolean;
  readonly reason?: string;
  readonly database?: string;
  readonly env?: string;
}

export const cutCommand = buildCommand<CutFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] <version>"],
    brief: "Cut a release from a clean git tree",
    fullDescription: [
      "Builds every service of stacks/product.yaml, packs the results under their digests, and writes the",
      "manifest stacks/releases/<version>.json. Commit it; the artifacts stay in .slipway/artifacts.",
      "New migrations are linted first: errors refuse the release, warnings are shown.",
      "Where the release brings new migrations, each rollback is proved first on a throwaway Postgres: up,",
      "rollback, up again, the same catalog and the same rows as before. One that is not proved needs a",
      "waiver in its file (-- slipway: allow unproved until 2026-12-31 because ...), all of them need",
      "--no-prove --reason. Either is written into the manifest. Extensions that the throwaway Postgres",
      "lacks (postgis, vector): prove on a copy of a database that has them, with --database or --env.",
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
      head: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "id",
        brief: "Last migration to include",
      },
      rebuild: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Make a release's missing artifacts again",
      },
      noProve: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Leave new rollbacks untried until needed",
      },
      reason: { ...reasonFlag, brief: "Why they are not proved, for the manifest" },
      database: { ...databaseFlag, brief: "Prove on a copy of this database" },
      env: { ...fromEnvFlag, brief: "Prove on a copy of this environment's database" },
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: CutFlags, version: string) => {
    const { output, head, rebuild = false, noProve = false, reason } = flags;
    if (noProve !== (reason !== undefined)) throw reasonMissing(version, noProve);
    const { root, stacks } = findProject(context.process.cwd);
    const options = { root, onProgress: (line: string) => context.progress(line), signal: context.signal };
    const prove = async (migrations: readonly Migration[]) => {
      const known = knownMigrations(version, listManifests(join(stacks, "releases")));
      await lintNew(migrations, { ...options, known });
      return reason === undefined
        ? proveRollbacks(migrations, { ...options, known, database: await databaseOf(context, flags) })
        : waiveAll(migrations, known, reason);
    };
    const manifest = rebuild
      ? await rebuildRelease(version, options)
      : await cutRelease(version, {
          ...options,
          ...(head === undefined ? {} : { head }),
          prove,
          checkSmoke: (suite) => void checkSuite(suite, "that stacks/product.yaml names"),
        });
    context.result(output, { manifest }, renderCut(manifest, rebuild));
  }),
});

function reasonMissing(version: string, noProve: boolean): SlipwayError {
  return new SlipwayError("USAGE", {
    what: `Cannot cut ${version}`,
    why: noProve ? "--no-prove needs a reason" : "--reason says why rollbacks are not proved, and they are",
    todo: noProve
      ? "Add --reason '<why>': it is written into the manifest"
      : "Leave --reason out, or add --no-prove",
  });
}

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

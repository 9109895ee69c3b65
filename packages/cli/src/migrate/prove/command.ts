import { join } from "node:path";
import {
  type ProofReport,
  proveMigrations,
  readMigrations,
  type SuggestedRollback,
  suggestRollbacks,
} from "@slipway/migrations";
import { listManifests } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { exitCodes } from "../../exit-codes.ts";
import { type CommonFlags, outputFlag } from "../../flags.ts";
import { findProject } from "../../project.ts";
import { verb } from "../../verb.ts";
import { migrationsFolder } from "../migrations-folder.ts";
import { databaseFlag, databaseOf, fromEnvFlag } from "./database-flag.ts";
import { inProofPlaces, type ProofPlace } from "./proof-place.ts";
import { type ProofRun, proofView } from "./proof-view.ts";
import { renderChain, renderPair, renderSuggestion, renderSummary } from "./render-proof.ts";
import { selectMigrations } from "./select-migrations.ts";

interface ProveFlags extends CommonFlags {
  readonly all?: boolean;
  readonly since?: string;
  readonly database?: string;
  readonly suggest?: boolean;
}

export const proveCommand = buildCommand<ProveFlags, string[], CliContext>({
  docs: {
    customUsage: ["[flags] [<id>...]"],
    brief: "Try every rollback before it is needed",
    fullDescription: [
      "Applies each migration, rolls it back and applies it again, on a database made for it, and",
      "compares the whole catalog after each step, and the rows of the tables that it touches. At the end",
      "the whole chain goes down and up. Without ids: the migrations that no release has yet.",
      "",
      "Runs on an embedded Postgres. With --database or --env on a copy of that database, where its server",
      "makes one; the output says where. The database itself is only read.",
      "",
      "Examples:",
      "  slipway migrate prove",
      "  slipway migrate prove 20260102000001_discounts",
      "  slipway migrate prove --all --database postgres://localhost/staging",
      "  slipway migrate prove --since 1.3.0 --output json",
      "  slipway migrate prove --suggest                       print SQL, write nothing",
      "",
      "Exit codes: 0 all proved; 1 one is not; 2 there was nothing to prove; 64 usage.",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: { parse: String, brief: "Migrations to prove, by id or version", placeholder: "id" },
    },
    flags: {
      all: { kind: "boolean", optional: true, withNegated: false, brief: "Every migration on disk" },
      since: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "version",
        brief: "Those newer than a release",
      },
      database: { ...databaseFlag, brief: "Prove on a copy of this database" },
      env: { ...fromEnvFlag, brief: "Prove on a copy of this environment's database" },
      suggest: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Print rollback SQL for what is not proved",
      },
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: ProveFlags, ...ids: string[]) => {
    const { root, stacks } = findProject(context.process.cwd);
    const migrations = await readMigrations(migrationsFolder(context.process.cwd));
    const { all = false, since } = flags;
    const selection = { ids, all, ...(since === undefined ? {} : { since }) };
    const only = selectMigrations(migrations, listManifests(join(stacks, "releases")), selection);
    const database = await databaseOf(context, flags);
    const prove = (place: ProofPlace, wanted: ReadonlySet<string>) => {
      context.progress(`proving ${wanted.size} of ${migrations.length} migrations on ${place.words}`);
      return proveMigrations(place.adminUrl, migrations, {
        ...place.options,
        only: wanted,
        signal: context.signal,
        onProof(proof) {
          context.event(flags.output, { event: "proof", place: place.kind, ...proof });
          if (flags.output === "text") context.progress(renderPair(proof));
        },
      });
    };
    const runs: ProofRun[] = [];
    const suggestions: SuggestedRollback[] = [];
    const suggest = async ({ adminUrl, options }: ProofPlace, { proofs }: ProofReport) => {
      const failed = proofs.filter(({ verdict, why }) => verdict === "fail" && why?.includes("rollback"));
      if (flags.suggest !== true || failed.length === 0) return;
      const wanted = new Set(failed.map(({ id }) => id));
      suggestions.push(...(await suggestRollbacks(adminUrl, migrations, wanted, options)));
    };
    await inProofPlaces({ root, migrations, database }, only, async (place, wanted) => {
      const report = await prove(place, wanted);
      runs.push({ place, report });
      await suggest(place, report);
    });
    const view = proofView(runs);
    if (flags.output === "text") for (const chain of view.chains) context.progress(renderChain(chain));
    const text = [...suggestions.map(renderSuggestion), renderSummary(view)].join("\n");
    context.result(flags.output, flags.suggest ? { ...view, suggestions } : view, text);
    context.exit(view.verdict === "pass" ? exitCodes.done : exitCodes.failed);
  }),
});

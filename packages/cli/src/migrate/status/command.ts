import { join } from "node:path";
import { compareHistory, describeHistory, fingerprint, readMigrations } from "@slipway/migrations";
import { compareReleases, listManifests } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { environmentName } from "../../environment-name.ts";
import { exitCodes } from "../../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../../flags.ts";
import { type Opened, withEnvironment } from "../../project.ts";
import { verb } from "../../verb.ts";
import { migrationsFolder } from "../migrations-folder.ts";
import { migrationStates } from "./migration-states.ts";
import { type MigrationsView, renderMigrations } from "./render-migrations.ts";

export const statusCommand = buildCommand<CommonFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Which migrations are applied, which wait, and what does not fit",
    fullDescription: [
      "Compares the migrations folder, the releases, the environment's ledger and, where there is one, the",
      "history of the Supabase CLI. Changes nothing.",
      "",
      "Examples:",
      "  slipway migrate status",
      "  slipway migrate status production --output json",
      "",
      "Exit codes: 0 all fits; 1 something does not, and the output names it.",
    ].join("\n"),
  },
  parameters: { positional: envWord, flags: { env: envFlag, output: outputFlag } },
  func: verb(async (context, flags: CommonFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    await withEnvironment(context, name, async (opened) => {
      const view = await look(opened, migrationsFolder(context.process.cwd));
      context.result(flags.output, view, renderMigrations(view));
      if (view.problems.length > 0) context.exit(exitCodes.failed);
    });
  }),
});

async function look({ project, name, environment }: Opened, folder: string): Promise<MigrationsView> {
  const disk = await readMigrations(folder);
  const db = await environment.database();
  const { applied } = (await environment.observe()).ledger;
  const ids = applied.map(({ id }) => id);
  const mode = environment.settings.supabaseHistory;
  const history = db === null || mode === "never" ? null : await compareHistory(db, ids);
  const releases = new Map<string, string>();
  const manifests = listManifests(join(project.stacks, "releases"));
  for (const { version, migrations } of manifests.sort((a, b) => compareReleases(a.version, b.version))) {
    for (const { id } of migrations) if (!releases.has(id)) releases.set(id, version);
  }
  const migrations = migrationStates({ disk, applied, releases, history });
  const head = applied.at(-1);
  const known = head?.fingerprintAfter ?? null;
  const drift =
    db === null || known === null ? null : (await fingerprint(db)).hash === known ? "none" : "differs";
  const changed = migrations.filter(({ state }) => state === "changed").map(({ id }) => id);
  return {
    environment: name,
    head: head?.id ?? null,
    drift,
    migrations,
    problems: [
      ...changed.map(
        (id) => `${id} was edited after it was applied: slipway explain SCHEMA_CHECKSUM_CHANGED`,
      ),
      ...(drift === "differs"
        ? [`the schema is not what ${head?.id} left: slipway explain SCHEMA_DRIFTED`]
        : []),
      ...(history === null ? [] : describeHistory(history)),
    ],
  };
}

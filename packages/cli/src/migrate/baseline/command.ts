import { pinnedManifest } from "@slipway/environment";
import { closestWord, SlipwayError } from "@slipway/kernel";
import { loadMigrations, type MigrationRef, matchChains, plannedMigration } from "@slipway/migrations";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { confirm } from "../../confirm.ts";
import { environmentName } from "../../environment-name.ts";
import { exitCodes } from "../../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag, reasonFlag, yesFlag } from "../../flags.ts";
import { withEnvironment } from "../../project.ts";
import { verb } from "../../verb.ts";
import { adopt, refuseDifference } from "./adopt.ts";
import { compareWithFresh } from "./compare-with-fresh.ts";

interface BaselineFlags extends CommonFlags {
  readonly to?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly reason?: string;
}

export const baselineCommand = buildCommand<BaselineFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Adopt a database that something else migrated",
    fullDescription: [
      "Records the migrations of the pinned release as applied, with their rollback SQL, and runs none of",
      "them. Before that they are applied to an empty database, and what they make there has to be in the",
      "environment's database as well. Other objects are left alone.",
      "",
      "Examples:",
      "  slipway migrate baseline staging",
      "  slipway migrate baseline staging --to 20260102000001_discounts",
      "  slipway migrate baseline staging --yes --force --reason 'owned by another role'",
      "",
      "Exit codes: 0 recorded, or nothing to record; 1 not confirmed; 2 refused, nothing changed.",
    ].join("\n"),
  },
  parameters: {
    positional: envWord,
    flags: {
      env: envFlag,
      to: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "id",
        brief: "Last migration to record",
      },
      force: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Record although it differs; needs --reason",
      },
      reason: reasonFlag,
      yes: yesFlag,
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: BaselineFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    const { force = false, output, reason, to, yes = false } = flags;
    if (force && !reason) throw reasonMissing();
    await withEnvironment(context, name, async ({ project, environment, config }) => {
      const manifest = await pinnedManifest(environment, config.release);
      const db = await environment.database();
      const { applied } = (await environment.observe()).ledger;
      const wanted = upTo(manifest.migrations, to);
      const { apply: pending, undo, split } = matchChains(applied, wanted.map(plannedMigration));
      if (split !== null || (pending.length > 0 && undo.length > 0)) throw otherBeginning();
      const ids = pending.map(({ id }) => id);
      if (db === null || pending.length === 0) {
        const text =
          db === null ? `${name} has no database yet: nothing to adopt` : "nothing to record: all are";
        return context.result(output, { environment: name, recorded: [] }, text);
      }
      const migrations = loadMigrations(environment.folders.migrations, wanted);
      context.progress(`applying ${wanted.length} migrations to an empty database, to compare`);
      const url = await environment.databaseUrl();
      const comparison = await compareWithFresh(project.root, db, migrations, url);
      refuseDifference(comparison, force, name);
      const { missing, different, others, place } = comparison;
      context.progress(
        [
          `as applied in ${name}, without running them:`,
          ...ids.map((id) => `  ${id}`),
          missing.length + different.length > 0
            ? `the database differs in ${missing.length + different.length} objects, forced: ${reason}`
            : `the database has what they make (compared with ${place})`,
          ...(others > 0 ? [`${others} other objects are left alone`] : []),
        ].join("\n"),
      );
      if (!(await confirm(context, "Record them?", yes))) return context.exit(exitCodes.failed);
      const recorded = migrations.filter(({ id }) => ids.includes(id));
      await adopt(environment, recorded, { release: manifest.version, reason: reason ?? "baseline" });
      context.result(
        output,
        { environment: name, recorded: ids, missing, different, others, forced: force },
        `recorded ${ids.length} as applied in ${name}\n  next: slipway plan --env ${name}`,
      );
    });
  }),
});

function upTo(migrations: readonly MigrationRef[], to: string | undefined): readonly MigrationRef[] {
  if (to === undefined) return migrations;
  const at = migrations.findIndex(({ id }) => id === to);
  if (at !== -1) return migrations.slice(0, at + 1);
  const near = closestWord(
    to,
    migrations.map(({ id }) => id),
  );
  throw new SlipwayError("USAGE", {
    what: `Cannot record up to "${to}"`,
    why: "the pinned release has no such migration",
    todo: near === null ? "Name one by its id: slipway migrate status lists them" : `Did you mean ${near}?`,
  });
}

// What is applied has to be the beginning of what the release has: anything else is for a person to look at.
const otherBeginning = () =>
  new SlipwayError("REPAIR_OUT_OF_ORDER", {
    what: "Cannot record the migrations as applied",
    why: "the ledger has others as applied that the pinned release does not begin with",
    todo: "Pin the release that the database has; slipway migrate status shows both",
  });

const reasonMissing = () =>
  new SlipwayError("USAGE", {
    what: "Cannot record with --force",
    why: "--reason is missing: a difference that is accepted is recorded with its reason",
    todo: "Add --reason '<why the difference is fine>'",
  });

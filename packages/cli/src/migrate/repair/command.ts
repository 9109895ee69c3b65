import { pinnedManifest, withLease } from "@slipway/environment";
import { SlipwayError } from "@slipway/kernel";
import {
  forgetMigration,
  loadMigrations,
  matchChains,
  plannedMigration,
  supabaseHistory,
} from "@slipway/migrations";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { confirm } from "../../confirm.ts";
import { environmentName } from "../../environment-name.ts";
import { exitCodes } from "../../exit-codes.ts";
import { type CommonFlags, envFlag, envWord, outputFlag, reasonFlag, yesFlag } from "../../flags.ts";
import { type Opened, withEnvironment } from "../../project.ts";
import { verb } from "../../verb.ts";
import { adopt } from "../baseline/adopt.ts";

interface RepairFlags extends CommonFlags {
  readonly markApplied?: string;
  readonly markReverted?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

export const repairCommand = buildCommand<RepairFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Correct what the ledger says is applied",
    fullDescription: [
      "For a database that was changed by hand: says in the ledger that a migration is applied, or is not,",
      "and runs no SQL of it. Only the next pending one can be marked as applied, and only the newest",
      "applied one as reverted. It is recorded in the audit with the reason.",
      "",
      "Examples:",
      "  slipway migrate repair dev --mark-applied 20260102000001_discounts --reason 'ran by hand'",
      "  slipway migrate repair dev --mark-reverted 20260102000001_discounts --reason 'dropped by hand'",
      "",
      "Exit codes: 0 recorded; 1 not confirmed; 2 refused, nothing changed; 64 usage.",
    ].join("\n"),
  },
  parameters: {
    positional: envWord,
    flags: {
      env: envFlag,
      markApplied: { kind: "parsed", parse: String, optional: true, placeholder: "id", brief: "It is there" },
      markReverted: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "id",
        brief: "It is gone",
      },
      reason: reasonFlag,
      yes: yesFlag,
      // The help of the flags above leaves no room for a third form, and there is one event only.
      output: { ...outputFlag, values: ["text", "json"] },
    },
  },
  func: verb(async (context, flags: RepairFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    const { markApplied, markReverted, output, reason, yes = false } = flags;
    const id = markApplied ?? markReverted;
    if (id === undefined || (markApplied !== undefined && markReverted !== undefined) || !reason)
      throw usage(reason);
    await withEnvironment(context, name, async (opened) => {
      const work = markApplied === undefined ? await reverted(opened, id) : await asApplied(opened, id);
      const state = markApplied === undefined ? "not applied" : "applied";
      context.progress(`${id} will be recorded as ${state} in ${name}; no SQL is run`);
      if (!(await confirm(context, "Record it?", yes))) return context.exit(exitCodes.failed);
      await work(reason);
      context.result(
        output,
        { environment: name, migration: id, state, reason },
        `recorded ${id} as ${state} in ${name}\n  next: slipway migrate status ${name}`,
      );
    });
  }),
});

type Repair = (reason: string) => Promise<void>;

async function asApplied({ environment, config }: Opened, id: string): Promise<Repair> {
  const manifest = await pinnedManifest(environment, config.release);
  const { applied } = (await environment.observe()).ledger;
  const { apply, split } = matchChains(applied, manifest.migrations.map(plannedMigration));
  const next = manifest.migrations.find((one) => one.id === (split?.id ?? apply[0]?.id));
  if (next?.id !== id || split !== null) {
    throw outOfOrder(
      `record "${id}" as applied`,
      next === undefined
        ? `all migrations of ${manifest.version} are applied`
        : `the next one that ${manifest.version} has is "${next.id}"`,
    );
  }
  const migrations = loadMigrations(environment.folders.migrations, [next]);
  return (reason) => adopt(environment, migrations, { release: manifest.version, reason });
}

async function reverted({ environment }: Opened, id: string): Promise<Repair> {
  const newest = (await environment.observe()).ledger.applied.at(-1);
  if (newest?.id !== id) {
    throw outOfOrder(
      `record "${id}" as not applied`,
      newest === undefined ? "none is applied" : `the newest applied one is "${newest.id}"`,
    );
  }
  const { supabaseHistory: mode } = environment.settings;
  return (reason) =>
    withLease(environment, `record ${id} as not applied`, async ({ db, token, actor }) =>
      forgetMigration(db, id, { token, actor, reason, supabase: await supabaseHistory(db, mode) }),
    );
}

const outOfOrder = (what: string, why: string) =>
  new SlipwayError("REPAIR_OUT_OF_ORDER", { what: `Cannot ${what}`, why });

const usage = (reason: string | undefined) =>
  new SlipwayError("USAGE", {
    what: "Cannot repair the ledger",
    why: reason
      ? "either --mark-applied or --mark-reverted has to name a migration"
      : "--reason is missing: a correction is recorded with its reason",
    todo: "Write slipway migrate repair <env> --mark-applied <id> --reason '<why>'",
  });

import { type FlagView, readFlags } from "@slipway/flags/store";
import { findFlagReferences } from "@slipway/release";
import { buildCommand } from "@stricli/core";
import { age } from "../age.ts";
import type { CliContext } from "../cli-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { renderTable } from "../render-table.ts";
import { verb } from "../verb.ts";
import { describeFlag } from "./describe-flag.ts";
import { type StaleFlag, staleFlags } from "./stale-flags.ts";
import { type OpenedFlags, withFlags } from "./with-flags.ts";

interface ListFlags extends CommonFlags {
  readonly stale?: boolean;
  readonly archived?: boolean;
  readonly days: number;
}

export const listCommand = buildCommand<ListFlags, [], CliContext>({
  docs: {
    brief: "The flags of an environment, or those that should leave the product",
    fullDescription: [
      "--stale lists flags that have expired, are on for everybody or killed for many days, or that no",
      "source in git names, and exits with 1 when there is one: for a pipeline.",
      "",
      "Examples:",
      "  slipway flag list",
      "  slipway flag list --env production --output json",
      "  slipway flag list --stale --days 30",
      "",
      "Exit codes: 0 done, 1 with --stale: there are stale flags.",
    ].join("\n"),
  },
  parameters: {
    flags: {
      env: envFlag,
      stale: { kind: "boolean", optional: true, withNegated: false, brief: "Only those that should go" },
      archived: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Those that left the product, too",
      },
      days: {
        kind: "parsed",
        parse: parseDays,
        default: "30",
        placeholder: "days",
        brief: "So long on for everybody, or killed, is stale",
      },
      output: outputFlag,
    },
  },
  func: verb((context, flags: ListFlags) =>
    withFlags(context, flags, async (opened) => {
      const { db, name } = opened;
      const all = await readFlags(db);
      if (flags.stale === true) return await listStale(context, opened, flags, all);
      const shown = all.filter(({ state }) => flags.archived === true || !state.archived);
      context.result(flags.output, { environment: name, flags: shown }, renderFlags(name, shown, Date.now()));
    }),
  ),
});

async function listStale(
  context: CliContext,
  { name, project }: OpenedFlags,
  { output, days }: ListFlags,
  all: readonly FlagView[],
): Promise<void> {
  const keys = all.filter(({ state }) => !state.archived).map(({ key }) => key);
  const { unreferenced } = await findFlagReferences(project.root, keys);
  const stale = staleFlags(all, { now: Date.now(), days, unreferenced });
  context.result(output, { environment: name, stale }, renderStale(name, stale));
  if (stale.length > 0) context.exit(exitCodes.failed);
}

/** The flags for people. */
export function renderFlags(environment: string, flags: readonly FlagView[], now: number): string {
  if (flags.length === 0)
    return `no flags in ${environment}\n  declare: flags in stacks/product.yaml, then cut and up`;
  return renderTable(
    ["flag", "state", "release", "owner", "until", "changed"],
    flags.map((flag) => [
      flag.key,
      describeFlag(flag),
      flag.declaration.release ?? "",
      flag.declaration.owner,
      flag.declaration.expiresAt?.slice(0, 10) ?? "for ever",
      age(flag.changedAt, now),
    ]),
  );
}

/** The stale flags for people. */
export function renderStale(environment: string, stale: readonly StaleFlag[]): string {
  if (stale.length === 0) return `no stale flags in ${environment}`;
  return renderTable(
    ["flag", "owner", "why it should go"],
    stale.map(({ key, owner, reasons }) => [key, owner, reasons.join("; ")]),
  );
}

function parseDays(text: string): number {
  const days = Number(text);
  if (text.trim() === "" || !Number.isInteger(days) || days < 1)
    throw new RangeError("it has to be a whole number of 1 or more");
  return days;
}

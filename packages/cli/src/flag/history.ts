import { type FlagEvent, flagHistory } from "@slipway/flags/store";
import { buildCommand } from "@stricli/core";
import { age } from "../age.ts";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, envFlag, outputFlag } from "../flags.ts";
import { limitFlag } from "../limit-flag.ts";
import { renderTable } from "../render-table.ts";
import { verb } from "../verb.ts";
import { findFlag } from "./find-flag.ts";
import { withFlags } from "./with-flags.ts";

interface HistoryFlags extends CommonFlags {
  readonly limit: number;
}

export const flagHistoryCommand = buildCommand<HistoryFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<key>]"],
    brief: "What happened to a flag, or to all, newest first, as the audit has it",
    fullDescription: [
      "The number is the event's in the audit chain, which slipway audit verify proves; the run is that of",
      "slipway history.",
      "",
      "Examples:",
      "  slipway flag history new-checkout",
      "  slipway flag history --env production --limit 5",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "The flag's key", placeholder: "key", optional: true }],
    },
    flags: {
      env: envFlag,
      limit: limitFlag("events"),
      output: outputFlag,
    },
  },
  func: verb((context, flags: HistoryFlags, key?: string) =>
    withFlags(context, flags, async ({ db, name }) => {
      if (key !== undefined) await findFlag(db, key);
      const events = await flagHistory(db, key ?? null, flags.limit);
      context.result(flags.output, { environment: name, events }, renderEvents(name, events, Date.now()));
    }),
  ),
});

/** The events for people. */
export function renderEvents(environment: string, events: readonly FlagEvent[], now: number): string {
  if (events.length === 0) return `nothing happened to flags in ${environment} yet`;
  return renderTable(
    ["event", "when", "flag", "what", "by", "run", "why"],
    events.map(({ seq, at, key, kind, data, actor, run }) => [
      String(seq),
      age(at, now),
      key ?? "",
      whatHappened(kind, data),
      actor,
      run === null ? "" : String(run),
      text(data.reason),
    ]),
  );
}

function whatHappened(kind: string, data: FlagEvent["data"]): string {
  const what = kind.replace(/^flag\./, "");
  if (what !== "changed") return what;
  const after = (data.after ?? {}) as Readonly<Record<string, unknown>>;
  const changes = [
    ...(after.enabled === undefined ? [] : [after.enabled === true ? "on" : "off"]),
    ...(after.rollout === undefined ? [] : [`${text(after.rollout)} %`]),
    ...(after.targetingSha256 === undefined ? [] : ["other rules"]),
  ];
  return changes.length === 0 ? what : changes.join(", ");
}

const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

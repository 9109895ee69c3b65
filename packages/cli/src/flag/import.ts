import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, envFlag, outputFlag, yesFlag } from "../flags.ts";
import { verb } from "../verb.ts";
import { applyImport } from "./apply-import.ts";
import { productFlags, readImport } from "./read-import.ts";

interface ImportFlags extends CommonFlags {
  readonly owner: string;
  readonly expires: string;
  readonly apply?: boolean;
  readonly yes?: boolean;
}

export const importCommand = buildCommand<ImportFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] --owner <team> --expires <date> <file>"],
    brief: "Take flags over from an export of Unleash",
    fullDescription: [
      "Prints the flags: of a product file; what could not be translated stands above them as comments.",
      "Cut and release that, then run it again with --apply: it gives the environment's flags the state,",
      "the rules and the segments that they have in Unleash. Who has a flag there has it here.",
      "",
      "Examples:",
      "  slipway flag import unleash.json --owner checkout --expires 2026-12-31",
      "  slipway flag import unleash.json --owner checkout --expires never --apply --env staging",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "The export, as JSON", placeholder: "file" }],
    },
    flags: {
      env: envFlag,
      owner: { kind: "parsed", parse: String, placeholder: "team", brief: "Who owns the flags from now on" },
      expires: { kind: "parsed", parse: String, placeholder: "date", brief: "Their last day, or never" },
      apply: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Set the state in the environment",
      },
      yes: yesFlag,
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: ImportFlags, file: string) => {
    const imported = readImport(file, flags);
    if (flags.apply === true) return await applyImport(context, flags, imported);
    const { text, declarations } = productFlags(imported, flags.expires);
    context.result(flags.output, { flags: declarations, notes: imported.notes }, text);
  }),
});

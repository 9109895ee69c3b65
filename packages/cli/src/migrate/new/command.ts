import { join, relative } from "node:path";
import { newMigration, type Phase } from "@slipway/migrations";
import { buildCommand } from "@stricli/core";
import type { CliContext, OutputFormat } from "../../cli-context.ts";
import { outputFlag } from "../../flags.ts";
import { verb } from "../../verb.ts";
import { migrationsFolder } from "../migrations-folder.ts";

interface NewFlags {
  readonly output: OutputFormat;
  readonly phase: Phase;
}

export const newCommand = buildCommand<NewFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] <name>"],
    brief: "Make the two files of a new migration",
    fullDescription: [
      "Writes migrations/<time in UTC>_<name>.sql and migrations/rollbacks/<the same>.sql from a template.",
      "Both hold comments only: until SQL is written the folder is refused, so nothing unfinished is cut.",
      "",
      "Examples:",
      "  slipway migrate new add_order_notes",
      "  slipway migrate new drop_product_name --phase contract",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "Lower-case letters, digits, underscores", placeholder: "name" }],
    },
    flags: {
      phase: {
        kind: "enum",
        values: ["expand", "contract"],
        default: "expand",
        brief: "Whether the older app tolerates it",
      },
      output: outputFlag,
    },
  },
  func: verb((context, { output, phase }: NewFlags, name: string) => {
    const folder = migrationsFolder(context.process.cwd);
    const { id, ...made } = newMigration(folder, name, { now: new Date(), phase });
    const shown = (file: string) => relative(context.process.cwd, join(folder, file));
    const migration = { id, phase, up: shown(made.up), down: shown(made.down) };
    context.result(
      output,
      { migration },
      [
        `made ${id}, ${phase}`,
        `  up: ${migration.up}`,
        `  rollback: ${migration.down}`,
        "  next: write both, then slipway cut proves them",
      ].join("\n"),
    );
  }),
});

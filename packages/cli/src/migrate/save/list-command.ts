import { listSavedData } from "@slipway/ledger";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { environmentName } from "../../environment-name.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../../flags.ts";
import { withEnvironment } from "../../project.ts";
import { verb } from "../../verb.ts";
import { renderSaved } from "./render-saved.ts";

export const saveListCommand = buildCommand<CommonFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "What lossy rollbacks saved before they dropped it",
    fullDescription: [
      "Each line is a copy in the schema slipway_saved. The next up of the migration puts it back; what",
      "could not be put back stays. Nothing is removed by itself, expired or not.",
      "",
      "Examples:",
      "  slipway migrate save list",
      "  slipway migrate save list production --output json",
    ].join("\n"),
  },
  parameters: { positional: envWord, flags: { env: envFlag, output: outputFlag } },
  func: verb(async (context, flags: CommonFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    await withEnvironment(context, name, async ({ environment }) => {
      const db = await environment.database();
      const { ledger } = await environment.observe();
      const saved = db === null || ledger.version === 0 ? [] : await listSavedData(db);
      context.result(flags.output, { environment: name, saved }, renderSaved(name, saved, Date.now()));
    });
  }),
});

import { history } from "@slipway/ledger";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../flags.ts";
import { limitFlag } from "../limit-flag.ts";
import { withEnvironment } from "../project.ts";
import { verb } from "../verb.ts";
import { renderHistory } from "./render-history.ts";

interface HistoryFlags extends CommonFlags {
  readonly limit: number;
}

export const historyCommand = buildCommand<HistoryFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "The runs of an environment, newest first, as the ledger shows them",
    fullDescription: [
      "A run that ended without a word, because its process was killed, is shown as killed.",
      "",
      "Examples:",
      "  slipway history",
      "  slipway history production --limit 5",
      "  slipway history --env production --output json",
    ].join("\n"),
  },
  parameters: {
    positional: envWord,
    flags: {
      env: envFlag,
      limit: limitFlag("runs"),
      output: outputFlag,
    },
  },
  func: verb(async (context, flags: HistoryFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    await withEnvironment(context, name, async ({ environment }) => {
      const db = await environment.database();
      const { ledger } = await environment.observe();
      const runs = db === null || ledger.version === 0 ? [] : await history(db, flags.limit);
      context.result(flags.output, { environment: name, runs }, renderHistory(name, runs, Date.now()));
    });
  }),
});

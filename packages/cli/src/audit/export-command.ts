import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { environmentName } from "../environment-name.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../flags.ts";
import { withEnvironment } from "../project.ts";
import { verb } from "../verb.ts";
import { chainOfLedger } from "./read-chain.ts";

export const auditExportCommand = buildCommand<CommonFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "Write the audit chain as one JSON line per event",
    fullDescription: [
      "The lines are what slipway audit verify reads, and what the hashes are made of: keep them as they",
      "are. --output json writes one list instead.",
      "",
      "Examples:",
      "  slipway audit export > audit.ndjson",
      "  slipway audit export --env production | slipway audit verify -",
    ].join("\n"),
  },
  parameters: { positional: envWord, flags: { env: envFlag, output: outputFlag } },
  func: verb(async (context, flags: CommonFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    await withEnvironment(context, name, async ({ environment }) => {
      const events = await chainOfLedger(environment);
      if (events.length === 0) context.progress(`${name} has no audit chain yet: nothing was released there`);
      const { stdout } = context.process;
      // As they are in the ledger, which masked secrets when it took them in: another hand would break the hashes.
      if (flags.output === "json") stdout.write(`${JSON.stringify(events, null, 2)}\n`);
      else for (const event of events) stdout.write(`${JSON.stringify(event)}\n`);
    });
  }),
});

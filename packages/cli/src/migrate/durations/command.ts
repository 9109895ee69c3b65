import { durationsHere } from "@slipway/environment";
import { buildCommand } from "@stricli/core";
import { age } from "../../age.ts";
import type { CliContext } from "../../cli-context.ts";
import { environmentName } from "../../environment-name.ts";
import { type CommonFlags, envFlag, envWord, outputFlag } from "../../flags.ts";
import { durationText } from "../../plan/migration-view.ts";
import { withEnvironment } from "../../project.ts";
import { renderTable } from "../../render-table.ts";
import { verb } from "../../verb.ts";
import { bytesText } from "../save/render-saved.ts";

export const durationsCommand = buildCommand<CommonFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<env>]"],
    brief: "How long migrations took here, and how large their tables were",
    fullDescription: [
      "Of each migration and direction the last run. As JSON in a file it goes to where the environment's",
      "database cannot be reached, for the estimates of a plan there.",
      "",
      "Examples:",
      "  slipway migrate durations",
      "  slipway migrate durations staging --output json > staging.json",
      "  slipway plan production --estimate-from staging.json",
    ].join("\n"),
  },
  parameters: { positional: envWord, flags: { env: envFlag, output: outputFlag } },
  func: verb(async (context, flags: CommonFlags, word?: string) => {
    const name = environmentName(context.process.env, flags, word);
    await withEnvironment(context, name, async ({ environment }) => {
      const db = await environment.database();
      const { ledger } = await environment.observe();
      const [source] = await durationsHere(environment, db, ledger.version);
      const durations = source?.durations ?? [];
      const rows = durations.map(({ migration, direction, milliseconds, tables, at }) => [
        migration,
        direction === "up" ? "up" : "back",
        durationText(milliseconds),
        tables.map((table) => `${table.name} ${bytesText(table.bytes)}`).join(", "),
        age(at, Date.now()),
      ]);
      const text =
        rows.length === 0
          ? `no migration ran in ${name} since durations are kept`
          : renderTable(["migration", "direction", "took", "tables, before", "when"], rows);
      context.result(flags.output, { environment: name, durations }, text);
    });
  }),
});

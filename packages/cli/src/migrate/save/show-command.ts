import { SlipwayError } from "@slipway/kernel";
import { listSavedData, savedColumns } from "@slipway/ledger";
import { restoreSql } from "@slipway/migrations";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { environmentName } from "../../environment-name.ts";
import { type CommonFlags, envFlag, outputFlag } from "../../flags.ts";
import { withEnvironment } from "../../project.ts";
import { verb } from "../../verb.ts";
import { renderCopy } from "./render-copy.ts";

export const saveShowCommand = buildCommand<CommonFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] <id>"],
    brief: "What one saved copy holds, and the SQL that puts it back by hand",
    fullDescription: [
      "Takes a migration, for all that its rollback saved, or the name of one copy. Shows columns, rows,",
      "size, until when it is kept, and SQL that is not run. No row is shown: rows may hold secrets.",
      "",
      "Examples:",
      "  slipway migrate save show 20260102000001_discounts --env production",
      "  slipway migrate save show 20260102000001_discounts__products --output json",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "A migration, or a name from save list", placeholder: "id" }],
    },
    flags: { env: envFlag, output: outputFlag },
  },
  func: verb(async (context, flags: CommonFlags, id: string) => {
    const name = environmentName(context.process.env, flags);
    await withEnvironment(context, name, async ({ environment }) => {
      const db = await environment.database();
      const { ledger } = await environment.observe();
      const all = db === null || ledger.version === 0 ? [] : await listSavedData(db);
      const saved = all.filter((copy) => copy.name === id || copy.migration === id);
      if (db === null || saved.length === 0) throw notSaved(name, id);
      const copies = [];
      for (const copy of saved) copies.push({ copy, columns: await savedColumns(db, copy) });
      context.result(
        flags.output,
        {
          environment: name,
          saved: copies.map(({ copy, columns }) => ({
            ...copy,
            holds: columns,
            restore: restoreSql(copy, columns),
          })),
        },
        copies.map(({ copy, columns }) => renderCopy(copy, columns, Date.now())).join("\n\n"),
      );
    });
  }),
});

function notSaved(environment: string, id: string): SlipwayError {
  return new SlipwayError("USAGE", {
    what: `Cannot show "${id}"`,
    why: `no rollback of that migration, and no copy of that name, is saved in ${environment}`,
    todo: `slipway migrate save list ${environment} shows what is saved`,
  });
}

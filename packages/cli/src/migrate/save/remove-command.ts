import { actor, runSession } from "@slipway/environment";
import { SlipwayError } from "@slipway/kernel";
import { listSavedData, removeSavedData } from "@slipway/ledger";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../../cli-context.ts";
import { confirm } from "../../confirm.ts";
import { environmentName } from "../../environment-name.ts";
import { exitCodes } from "../../exit-codes.ts";
import { type CommonFlags, envFlag, outputFlag, yesFlag } from "../../flags.ts";
import { withEnvironment } from "../../project.ts";
import { verb } from "../../verb.ts";
import { removableSaved } from "./render-saved.ts";

interface RemoveFlags extends CommonFlags {
  readonly yes?: boolean;
}

export const saveRemoveCommand = buildCommand<RemoveFlags, [string?], CliContext>({
  docs: {
    customUsage: ["[flags] [<name>]"],
    brief: "Remove saved copies that expired or were put back whole",
    fullDescription: [
      "Without a name all of those are removed. A copy that is still needed is refused. Removals are",
      "in the audit.",
      "",
      "Examples:",
      "  slipway migrate save remove --env production",
      "  slipway migrate save remove 20260102000001_discounts__products --env production --yes",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "A name from save list", placeholder: "name", optional: true }],
    },
    flags: { env: envFlag, yes: yesFlag, output: outputFlag },
  },
  func: verb(async (context, flags: RemoveFlags, only?: string) => {
    const name = environmentName(context.process.env, flags);
    await withEnvironment(context, name, async ({ environment }) => {
      const db = await environment.database();
      const { ledger } = await environment.observe();
      const saved = db === null || ledger.version === 0 ? [] : await listSavedData(db);
      const names = removableSaved(saved, only).map((copy) => copy.name);
      if (only !== undefined && names.length === 0)
        throw notRemovable(
          name,
          only,
          saved.some((copy) => copy.name === only),
        );
      if (db === null || names.length === 0) {
        context.result(
          flags.output,
          { environment: name, removed: [] },
          `nothing saved in ${name} can go yet`,
        );
        return;
      }
      context.progress(`${name}: removes ${names.join(", ")} for good`);
      if (
        !(await confirm(
          context,
          `Remove ${names.length === 1 ? "it" : `these ${names.length}`}?`,
          flags.yes === true,
        ))
      )
        return context.exit(exitCodes.refused);
      const session = runSession(environment);
      try {
        const { token } = await session.hold(db, "remove saved data");
        const removed = await removeSavedData(db, { token, actor: actor(), names });
        context.result(flags.output, { environment: name, removed }, `removed ${removed.join(", ")}`);
      } finally {
        await session.letGo();
        await session.close();
      }
    });
  }),
});

function notRemovable(environment: string, name: string, known: boolean): SlipwayError {
  return new SlipwayError("USAGE", {
    what: `Cannot remove "${name}"`,
    why: known
      ? "it has not expired, and not all of it was put back"
      : `nothing of that name is saved in ${environment}`,
    todo: `slipway migrate save list ${environment} shows what is saved and until when`,
  });
}

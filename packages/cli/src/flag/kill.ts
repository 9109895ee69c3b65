import { actor } from "@slipway/environment";
import { killFlag } from "@slipway/flags/store";
import { isSlipwayError } from "@slipway/kernel";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { verb } from "../verb.ts";
import { findFlag } from "./find-flag.ts";
import { finishChange } from "./finish-change.ts";
import { type ChangeFlags, changeParameters, keyWord } from "./flag-parameters.ts";
import { withFlags } from "./with-flags.ts";

export const killCommand = buildCommand<ChangeFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] --reason <text> <key>"],
    brief: "Off now, everywhere, whatever else is going on; stays off until it is revived",
    fullDescription: [
      "Nothing is asked and nothing is compared: a kill beats ramps, schedules, other writers and every",
      "later slipway up. Prints by how many of the live processes it was applied, and how fast. A process",
      "that is silent is named.",
      "",
      "Examples:",
      '  slipway flag kill new-checkout --reason "orders are lost"',
      '  slipway flag kill new-checkout --env production --reason "INC-7" --wait 30s',
      "",
      "Exit codes: 0 killed and applied by all, 4 killed and not confirmed by all, 2 no such flag.",
    ].join("\n"),
  },
  parameters: { positional: keyWord, flags: changeParameters },
  func: verb((context, flags: ChangeFlags, key: string) =>
    withFlags(context, flags, async (opened) => {
      const { db } = opened;
      try {
        const answer = await killFlag(db, {
          run: null,
          actor: actor(),
          reason: flags.reason,
          source: "cli",
          key,
        });
        await finishChange(context, opened, flags, "killed", answer);
      } catch (error) {
        // Looking for what was meant comes after: the kill of a flag that is there waits for nothing.
        if (isSlipwayError(error) && error.code === "FLAG_UNKNOWN") await findFlag(db, key);
        throw error;
      }
    }),
  ),
});

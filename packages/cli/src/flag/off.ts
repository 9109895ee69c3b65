import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { verb } from "../verb.ts";
import { changeFlag } from "./change-flag.ts";
import { type ChangeFlags, changeParameters, keyWord } from "./flag-parameters.ts";

export const offCommand = buildCommand<ChangeFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] --reason <text> <key>"],
    brief: "Turn a flag off; its share is kept for the next time",
    fullDescription: [
      "For an orderly end. In an emergency use slipway flag kill, which nothing can undo by accident.",
      "",
      "Examples:",
      '  slipway flag off new-checkout --reason "the campaign is over"',
      "  slipway flag off new-checkout --env staging --reason tidy --wait 0s",
    ].join("\n"),
  },
  parameters: { positional: keyWord, flags: changeParameters },
  func: verb((context, flags: ChangeFlags, key: string) =>
    changeFlag(context, flags, key, {
      done: "turned off",
      to: ({ state }) => ({ enabled: false, rollout: state.rollout }),
    }),
  ),
});

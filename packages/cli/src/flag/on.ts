import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { verb } from "../verb.ts";
import { changeFlag } from "./change-flag.ts";
import { keyWord, type RaiseFlags, raiseParameters } from "./flag-parameters.ts";

export const onCommand = buildCommand<RaiseFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] --reason <text> <key>"],
    brief: "Turn a flag on: for those who had it before, or for everybody when nobody had",
    fullDescription: [
      "Asks first: --yes, or a gate's token, answers beforehand. A killed flag is not turned on: slipway",
      "flag revive says so in the audit. For a share of the users there is slipway flag set.",
      "",
      "Examples:",
      '  slipway flag on new-checkout --reason "QA is done"',
      "  slipway flag on new-checkout --env staging --reason demo --yes",
    ].join("\n"),
  },
  parameters: { positional: keyWord, flags: raiseParameters },
  func: verb((context, flags: RaiseFlags, key: string) =>
    changeFlag(context, flags, key, {
      done: "turned on",
      to: ({ state }) => ({ enabled: true, rollout: state.rollout === 0 ? 100 : state.rollout }),
    }),
  ),
});

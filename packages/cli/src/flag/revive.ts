import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { verb } from "../verb.ts";
import { changeFlag } from "./change-flag.ts";
import { keyWord, parsePercent, type RaiseFlags, raiseParameters } from "./flag-parameters.ts";

interface ReviveFlags extends RaiseFlags {
  readonly percent?: number;
}

export const reviveCommand = buildCommand<ReviveFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] --reason <text> <key>"],
    brief: "Undo a kill: the flag is as it was before, or smaller",
    fullDescription: [
      "The only way back from a kill; no release, ramp or slipway up takes it. The same users have it as",
      "before. Asks first: --yes, or a gate's token, answers beforehand.",
      "",
      "Examples:",
      '  slipway flag revive new-checkout --reason "fixed in 1.4.1"',
      '  slipway flag revive new-checkout --percent 10 --reason "carefully"',
    ].join("\n"),
  },
  parameters: {
    positional: keyWord,
    flags: {
      percent: {
        kind: "parsed",
        parse: parsePercent,
        optional: true,
        placeholder: "percent",
        brief: "A smaller share than before",
      },
      ...raiseParameters,
    },
  },
  func: verb((context, flags: ReviveFlags, key: string) =>
    changeFlag(context, flags, key, {
      done: "revived",
      revives: true,
      to: ({ state }) => ({ enabled: state.enabled, rollout: flags.percent ?? state.rollout }),
    }),
  ),
});

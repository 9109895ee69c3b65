import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { verb } from "../verb.ts";
import { changeFlag } from "./change-flag.ts";
import { keyWord, parsePercent, type RaiseFlags, raiseParameters } from "./flag-parameters.ts";

interface SetFlags extends RaiseFlags {
  readonly percent: number;
}

export const setCommand = buildCommand<SetFlags, [string], CliContext>({
  docs: {
    customUsage: ["[flags] --percent <percent> --reason <text> <key>"],
    brief: "Turn a flag on for a share of the users",
    fullDescription: [
      "Who has it at 10 % has it at 50 % too, and whoever came last leaves first. 0 turns it off. Going up",
      "is asked about first: --yes, or a gate's token, answers beforehand. Going down never is.",
      "",
      "Examples:",
      '  slipway flag set new-checkout --percent 10 --reason "first customers"',
      '  slipway flag set new-checkout --percent 5 --reason "too slow" --env production',
    ].join("\n"),
  },
  parameters: {
    positional: keyWord,
    flags: {
      percent: {
        kind: "parsed",
        parse: parsePercent,
        placeholder: "percent",
        brief: "The share, a whole number from 0 to 100",
      },
      ...raiseParameters,
    },
  },
  func: verb((context, flags: SetFlags, key: string) =>
    changeFlag(context, flags, key, {
      done: "set",
      to: () => ({ enabled: flags.percent > 0, rollout: flags.percent }),
    }),
  ),
});

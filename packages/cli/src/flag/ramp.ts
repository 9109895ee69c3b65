import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { yesFlag } from "../flags.ts";
import { verb } from "../verb.ts";
import { parseDuration } from "./duration.ts";
import { changeParameters, keyWord } from "./flag-parameters.ts";
import { parseSteps } from "./parse-steps.ts";
import { type RampFlags, rampFlag } from "./ramp-flag.ts";

export const rampCommand = buildCommand<RampFlags, [string], CliContext>({
  docs: {
    customUsage: [
      "[flags] --metric <program> --max <number> --reason <text> <key>",
      "[flags] --resume <key>",
    ],
    brief: "Turn a flag on for more and more users, each step judged by a number",
    fullDescription: [
      "After each step's time the program's last line of output is the number that judges it: at most --max",
      "advances, more goes back to what was before the ramp. No number, NaN or a program that fails three",
      "times in a row holds the share. The program gets SLIPWAY_FLAG, SLIPWAY_PERCENT and SLIPWAY_SINCE. A",
      "kill, or any change by hand, ends the ramp. It runs in this process; after a kill -9 or Ctrl-C",
      "--resume goes on.",
      "",
      "Examples:",
      '  slipway flag ramp new-checkout --metric ./error-rate --max 0.01 --reason "first customers"',
      "  slipway flag ramp new-checkout --steps 5,25,100 --soak 1h --metric none --reason slowly --yes",
      "  slipway flag ramp new-checkout --resume",
      "",
      "Exit codes: 0 on for everybody, 3 a step failed and it went back, 4 held, 1 ended from outside.",
    ].join("\n"),
  },
  parameters: {
    positional: keyWord,
    flags: {
      env: changeParameters.env,
      steps: {
        kind: "parsed",
        parse: parseSteps,
        default: "10,50,100",
        placeholder: "percents",
        brief: "The shares",
      },
      soak: {
        kind: "parsed",
        parse: parseDuration,
        default: "10m",
        placeholder: "duration",
        brief: "How long each is watched",
      },
      metric: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "program",
        brief: "What prints the number, or none: time alone",
      },
      max: {
        kind: "parsed",
        parse: parseMax,
        optional: true,
        placeholder: "number",
        brief: "The largest good number",
      },
      resume: {
        kind: "boolean",
        optional: true,
        withNegated: false,
        brief: "Go on with the ramp that it has",
      },
      reason: { ...changeParameters.reason, optional: true },
      yes: yesFlag,
      output: changeParameters.output,
    },
  },
  func: verb((context, flags: RampFlags, key: string) => rampFlag(context, flags, key)),
});

function parseMax(text: string): number {
  const max = Number(text);
  if (text.trim() === "" || !Number.isFinite(max)) throw new RangeError("it has to be a number");
  return max;
}

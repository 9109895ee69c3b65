import { type CommonFlags, envFlag, outputFlag, yesFlag } from "../flags.ts";
import { parseDuration } from "./duration.ts";

/** The flag's key as the one word of a command. */
export const keyWord = {
  kind: "tuple",
  parameters: [{ parse: String, brief: "The flag's key", placeholder: "key" }],
} as const;

const waitFlag = {
  kind: "parsed",
  parse: parseDuration,
  default: "5s",
  placeholder: "duration",
  brief: "How long to wait for the processes; 0s: not",
} as const;

const whyFlag = { kind: "parsed", parse: String, placeholder: "text", brief: "Why, for the audit" } as const;

const gateFlag = {
  kind: "parsed",
  parse: String,
  optional: true,
  placeholder: "token",
  brief: "A gate's token (default: SLIPWAY_FLAG_TOKEN)",
} as const;

/** The flags of every change. */
export const changeParameters = {
  env: envFlag,
  reason: whyFlag,
  wait: waitFlag,
  output: outputFlag,
} as const;

/** The flags of a change that may turn something on or up. */
export const raiseParameters = { ...changeParameters, token: gateFlag, yes: yesFlag } as const;

/** The flags of a change, as they are given. */
export interface ChangeFlags extends CommonFlags {
  readonly reason: string;
  readonly wait: number;
}

/** The flags of a change that may raise, as they are given. */
export interface RaiseFlags extends ChangeFlags {
  readonly token?: string;
  readonly yes?: boolean;
}

/** A share of the users, in percent. */
export function parsePercent(text: string): number {
  const percent = Number(text);
  if (text.trim() === "" || !Number.isInteger(percent) || percent < 0 || percent > 100)
    throw new RangeError("it has to be a whole number from 0 to 100");
  return percent;
}

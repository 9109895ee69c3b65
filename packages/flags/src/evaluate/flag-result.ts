import type { FlagValue } from "../document/flag-value.ts";

/**
 * Why a flag has its value.
 * `STATIC` on for everybody · `RULE` a rule matched · `SPLIT` the percentage decided, either way · `NO_MATCH` no rule
 * matched · `NO_STICKINESS` a percentage, and no id to decide by: off · `OFF` · `KILLED` · `ARCHIVED` · `NOT_ACTIVE` outside its
 * dates · `PREREQUISITE` another flag is not as it has to be · `SAFE_VALUE` nothing was ever known of the flag ·
 * `OVERRIDE` the local override file · `ERROR` see the error code.
 */
export type FlagReason =
  | "STATIC"
  | "RULE"
  | "SPLIT"
  | "NO_MATCH"
  | "NO_STICKINESS"
  | "OFF"
  | "KILLED"
  | "ARCHIVED"
  | "NOT_ACTIVE"
  | "PREREQUISITE"
  | "SAFE_VALUE"
  | "OVERRIDE"
  | "ERROR";

export type FlagErrorCode = "FLAG_NOT_FOUND" | "TYPE_MISMATCH" | "NOT_READY" | "GENERAL";

/** What an evaluation says. Shared between calls and frozen: take what you need, change nothing. */
export interface FlagResult {
  readonly value: FlagValue;
  /** Name of the variant, or null. */
  readonly variant: string | null;
  readonly reason: FlagReason;
  readonly errorCode: FlagErrorCode | null;
  /** Whether the flag is on for the context; a variant that is worth `false` is off. */
  readonly on: boolean;
}

export function flagResult(
  on: boolean,
  value: FlagValue,
  reason: FlagReason,
  variant: string | null = null,
  errorCode: FlagErrorCode | null = null,
): FlagResult {
  return Object.freeze({ value, variant, reason, errorCode, on });
}

import type { FlagClient } from "../client/flag-client.ts";
import type { FlagContext } from "../evaluate/flag-context.ts";
import type { FlagErrorCode, FlagReason } from "../evaluate/flag-result.ts";

/** OpenFeature's answer, as both its SDKs take it. */
export interface Resolution<T> {
  readonly value: T;
  readonly variant?: string;
  readonly reason: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly flagMetadata?: Record<string, string | number | boolean>;
}

/** Ours are finer; the exact one is in the metadata. */
export const openFeatureReasons: Readonly<Record<FlagReason, string>> = {
  STATIC: "STATIC",
  OVERRIDE: "STATIC",
  RULE: "TARGETING_MATCH",
  SPLIT: "SPLIT",
  NO_MATCH: "DEFAULT",
  NO_STICKINESS: "DEFAULT",
  PREREQUISITE: "DEFAULT",
  SAFE_VALUE: "DEFAULT",
  OFF: "DISABLED",
  KILLED: "DISABLED",
  ARCHIVED: "DISABLED",
  NOT_ACTIVE: "DISABLED",
  ERROR: "ERROR",
};

const errorCodes: Readonly<Record<FlagErrorCode, string>> = {
  FLAG_NOT_FOUND: "FLAG_NOT_FOUND",
  TYPE_MISMATCH: "TYPE_MISMATCH",
  NOT_READY: "PROVIDER_NOT_READY",
  GENERAL: "GENERAL",
};

/** Resolves a flag for OpenFeature: `targetingKey` is our `userId`, unless the context has one of its own. */
export function resolve<T>(
  flags: Pick<FlagClient, "evaluate" | "document">,
  key: string,
  fallback: T,
  context: FlagContext & { readonly targetingKey?: string },
): Resolution<T> {
  const user = context.userId ?? context.targetingKey;
  const known = context.userId === user ? context : { ...context, userId: user };
  const { value, variant, reason, errorCode } = flags.evaluate(key, known);
  if (errorCode !== null) {
    const message = errorCode === "FLAG_NOT_FOUND" ? `flag ${key} not found` : `flag ${key}: ${errorCode}`;
    return { value: fallback, reason: "ERROR", errorCode: errorCodes[errorCode], errorMessage: message };
  }
  if (!sameType(value, fallback)) {
    const errorMessage = `flag ${key} is no ${typeof fallback}`;
    return { value: fallback, reason: "ERROR", errorCode: "TYPE_MISMATCH", errorMessage };
  }
  const document = flags.document();
  const flagMetadata = {
    slipwayReason: reason,
    ...(document === null ? {} : { epoch: document.epoch, revision: document.revision }),
  };
  return {
    value: value as T,
    reason: openFeatureReasons[reason],
    flagMetadata,
    ...(variant === null ? {} : { variant }),
  };
}

/** The type that was asked for is that of the fallback. */
export const sameType = (value: unknown, fallback: unknown): boolean =>
  typeof value === typeof fallback && (value === null) === (fallback === null);

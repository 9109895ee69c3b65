import type { Random } from "@slipway/kernel";
import type { RetryPlan } from "./planned-check.ts";

/**
 * The pause before the next attempt in milliseconds. Chance only ever shortens a pause, so that a service that got
 * well is noticed within the pause; what the other side asked for (Retry-After) is never undercut.
 */
export function retryDelayMs(plan: RetryPlan, attempt: number, random: Random, retryAfterMs = 0): number {
  const grown = plan.backoff === "constant" ? plan.everyMs : plan.everyMs * 2 ** (attempt - 1);
  const capped = plan.backoff === "constant" ? grown : Math.min(grown, plan.maxMs);
  return Math.max(capped * (1 - plan.jitter * random()), retryAfterMs);
}

/** Reads a Retry-After header, seconds or a date, into milliseconds from now. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

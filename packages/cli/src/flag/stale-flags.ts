import type { FlagView } from "@slipway/flags/store";

/** A flag that has outlived its purpose. */
export interface StaleFlag {
  readonly key: string;
  readonly owner: string;
  /** The release that brought it. */
  readonly release: string | null;
  /** Each a half-sentence: `expired on 2026-12-31`. */
  readonly reasons: readonly string[];
}

/** What is known beside the flags. */
export interface StaleInput {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** For how many days a flag may be on for everybody, or killed. */
  readonly days: number;
  /** Keys that no source names; null when nobody looked. */
  readonly unreferenced: readonly string[] | null;
}

const DAY_MS = 86_400_000;

/**
 * The flags that should leave the product. One without an end is meant to last: that it is on for everybody says
 * nothing of it.
 */
export function staleFlags(flags: readonly FlagView[], input: StaleInput): StaleFlag[] {
  return flags
    .filter(({ state }) => !state.archived)
    .map((flag) => ({
      key: flag.key,
      owner: flag.declaration.owner,
      release: flag.declaration.release,
      reasons: reasonsOf(flag, input),
    }))
    .filter(({ reasons }) => reasons.length > 0);
}

function reasonsOf(
  { key, declaration, state, kill, changedAt }: FlagView,
  { now, days, unreferenced }: StaleInput,
): string[] {
  const daysSince = (moment: string) => Math.floor((now - Date.parse(moment)) / DAY_MS);
  const { expiresAt } = declaration;
  const everybody = state.enabled && !state.killed && state.rollout === 100 && state.rules.length === 0;
  const reasons: string[] = [];
  // The moment is the end of its last day.
  if (expiresAt !== null && Date.parse(expiresAt) <= now)
    reasons.push(`expired on ${new Date(Date.parse(expiresAt) - 1).toISOString().slice(0, 10)}`);
  if (everybody && expiresAt !== null && daysSince(changedAt) >= days)
    reasons.push(`on for everybody for ${daysSince(changedAt)} days`);
  if (kill !== null && daysSince(kill.at) >= days) reasons.push(`killed for ${daysSince(kill.at)} days`);
  if (unreferenced?.includes(key)) reasons.push("no source names it");
  return reasons;
}

/** A length of time: milliseconds as a number, or a text such as `250ms`, `30s`, `5m`, `1h`, `14d`. */
export type Duration = number | string;

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads a duration into milliseconds.
 *
 * @throws {RangeError} for anything else, a negative or infinite number included.
 * @example
 * durationMs("1.5s"); // 1500
 */
export function durationMs(duration: Duration): number {
  if (typeof duration === "number") {
    if (Number.isFinite(duration) && duration >= 0) return duration;
  } else {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(duration.trim()) ?? [];
    if (amount !== undefined && unit !== undefined) return Number(amount) * unitMs[unit]!;
  }
  throw new RangeError(`${JSON.stringify(duration)} is not a duration: write 250ms, 30s or 5m`);
}

/**
 * Writes milliseconds for people.
 *
 * @example
 * durationText(1500); // "1.5 s"
 */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  if (ms < 7_200_000) return `${Number((ms / 60_000).toFixed(1))} min`;
  if (ms < 172_800_000) return `${Number((ms / 3_600_000).toFixed(1))} h`;
  return `${Number((ms / 86_400_000).toFixed(1))} d`;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A duration as people write it, in milliseconds.
 *
 * @throws {RangeError} for anything else than a number and a unit.
 * @example
 * parseDuration("1.5m"); // 90000
 */
export function parseDuration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const size = UNITS[unit];
  if (number === undefined || size === undefined)
    throw new RangeError("it has to be a number and a unit, like 500ms, 5s, 10m, 2h or 1d");
  return Number(number) * size;
}

/** Milliseconds for people, in the largest unit that gives a whole number. */
export function durationText(ms: number): string {
  const [unit, size] = Object.entries(UNITS)
    .reverse()
    .find(([, size]) => ms >= size && ms % size === 0) ?? ["ms", 1];
  return `${ms / size} ${unit}`;
}

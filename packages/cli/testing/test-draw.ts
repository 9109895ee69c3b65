import { randomInt } from "node:crypto";

/** Numbers by chance that come again with the same seed. */
export interface Draw {
  readonly seed: number;
  /** From `low` up to `high`. */
  between(low: number, high: number): number;
  /** One of these. */
  of<T>(things: readonly [T, ...T[]]): T;
}

/**
 * What a test draws by chance. The seed is printed; SLIPWAY_TEST_SEED gives the one of a run that failed.
 */
export function testDraw(): Draw {
  const seed = Number(process.env.SLIPWAY_TEST_SEED ?? randomInt(2 ** 31));
  console.log(`SLIPWAY_TEST_SEED=${seed}`);
  let state = seed;
  // mulberry32: small, and good enough to choose moments and releases.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    seed,
    between: (low, high) => low + next() * (high - low),
    of: ([first, ...others]) => [first, ...others][Math.floor(next() * (others.length + 1))] ?? first,
  };
}

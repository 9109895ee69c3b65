import { seededRandom, testSeed } from "@slipway/toolchain/testing";

/** Numbers by chance that come again with the same seed. */
export interface Draw {
  readonly seed: number;
  /** From `low` up to `high`. */
  between(low: number, high: number): number;
  /** One of these. */
  of<T>(things: readonly [T, ...T[]]): T;
}

/** What a test draws by chance; the seed belongs into the message of what fails. */
export function testDraw(): Draw {
  const seed = testSeed();
  const next = seededRandom(seed);
  return {
    seed,
    between: (low, high) => low + next() * (high - low),
    of: ([first, ...others]) => [first, ...others][Math.floor(next() * (others.length + 1))] ?? first,
  };
}

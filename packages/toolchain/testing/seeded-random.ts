import type { Random } from "@slipway/kernel";

/** Random numbers that a seed repeats (mulberry32), for tests whose failures have to be run again. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The seed of this run: `SLIPWAY_SEED`, else the same each time, so that a test that passed passes again. Put it into the
 * messages of what fails.
 */
export function testSeed(): number {
  const seed = Number(process.env.SLIPWAY_SEED ?? 20_260_101);
  if (!Number.isSafeInteger(seed)) throw new RangeError("SLIPWAY_SEED must be a whole number");
  return seed;
}

/**
 * How often a random test tries: few unless an environment variable asks for more.
 *
 * @throws {RangeError} when it is set and is no number of times: a typing error must not make a test that tries nothing.
 */
export function testCount(variable: string, few: number): number {
  const count = Number(process.env[variable] ?? few);
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`${variable} must be a whole number >= 1`);
  return count;
}

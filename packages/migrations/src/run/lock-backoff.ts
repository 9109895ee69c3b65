import type { Clock, Random } from "@slipway/kernel";

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** Waits between tries to get a lock. */
export interface LockBackoff {
  /** Whether the time for all tries is up. */
  over(): boolean;
  /** Waits a random part of a growing time, so that two who want the same lock do not meet again and again. */
  wait(signal?: AbortSignal): Promise<void>;
}

/** Starts the time of all tries. */
export function lockBackoff(input: {
  readonly clock: Clock;
  readonly random: Random;
  readonly deadlineMs: number;
}): LockBackoff {
  const { clock, random, deadlineMs } = input;
  const end = clock.now() + deadlineMs;
  let tries = 0;
  return {
    over: () => clock.now() >= end,
    async wait(signal) {
      const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** tries++);
      const left = Math.max(0, end - clock.now());
      await clock.sleep(Math.min(left, longest * (0.5 + random() / 2)), signal);
    },
  };
}

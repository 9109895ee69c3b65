/** When to look again. */
export interface PollSchedule {
  /** Milliseconds between two looks while the store answers. */
  readonly pollMs: number;
  /** The longest wait after failures, in milliseconds. */
  readonly backoffCapMs: number;
}

/**
 * Milliseconds until the next look. While the store answers: the interval, give or take a tenth, so that processes
 * started together spread. After failures: anywhere below an ever doubling bound (full jitter), which stays small: once
 * the store is back, a kill has to arrive within seconds. One success and the interval is back.
 *
 * @param failures in a row; 0 after a success.
 */
export function nextPollMs({ pollMs, backoffCapMs }: PollSchedule, failures: number, random: number): number {
  if (failures === 0) return pollMs * (0.9 + 0.2 * random);
  const bound = Math.min(backoffCapMs, pollMs * 2 ** Math.min(failures, 30));
  // Never at once: a refused connection answers in no time.
  return Math.min(bound, shortest + random * (bound - shortest));
}

const shortest = 50;

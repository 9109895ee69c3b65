const FIRST_MS = 50;

/**
 * Milliseconds before the next try to connect: anywhere below a doubling bound (full jitter), so that hundreds of
 * processes do not come back in one instant, and never above the cap, so that a kill arrives soon after the store is back.
 *
 * @param failures in a row, from 1.
 */
export function reconnectMs(failures: number, capMs = 5_000, random: () => number = Math.random): number {
  return (
    FIRST_MS + random() * Math.max(0, Math.min(capMs, FIRST_MS * 2 ** Math.min(failures, 30)) - FIRST_MS)
  );
}

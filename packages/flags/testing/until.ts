import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something holds, at most 20 seconds; then the last try's error, or that it never held, is the failure. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 20_000,
): Promise<void> {
  const end = performance.now() + ms;
  for (;;) {
    if (await holds()) return;
    if (performance.now() > end) throw new Error(`${what} did not happen within ${ms} ms`);
    await sleep(10);
  }
}

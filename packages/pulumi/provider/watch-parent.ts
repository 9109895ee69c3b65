const EVERY_MS = 1_000;

/**
 * Calls `onGone` once the process that started this one is gone. A killed Pulumi leaves its plugins behind:
 * nobody would end them, and they would hold the environment's lease for ever.
 */
export function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, EVERY_MS);
  timer.unref();
}

/** Timers take no more than this, 24 days; a longer one would go off at once. */
const longest = 2 ** 31 - 1;

/**
 * Calls back once after some milliseconds; gives what cancels it. `AbortSignal.timeout` and not
 * `setTimeout`: the first `setTimeout` of a Deno process loads 4 ms of code, which here would stand before
 * the first request.
 */
export function after(ms: number, callback: () => void): () => void {
  const signal = AbortSignal.timeout(Math.min(Math.ceil(ms), longest));
  signal.addEventListener("abort", callback, { once: true });
  return () => signal.removeEventListener("abort", callback);
}

import { durationText } from "../definition/duration.ts";
import { CheckFailure } from "./check-failure.ts";

/**
 * Gives work a time limit on top of a signal, and settles when either comes, even if the work does not
 * listen. The reason of the abort is what it rejects with: a `CheckFailure` of class `timeout` for the limit.
 */
export async function withLimit<T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const limit = new AbortController();
  const late = () =>
    limit.abort(new CheckFailure("timeout", `no complete answer within ${durationText(ms)}`));
  const timer = setTimeout(late, ms);
  const signal = AbortSignal.any([limit.signal, outer]);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const working = work(signal);
  try {
    return await Promise.race([working, aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    // The losing side of the race may still reject; the winner has decided.
    working.catch(() => undefined);
  }
}

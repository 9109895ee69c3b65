import { durationText } from "../definition/duration.ts";
import { after } from "./after.ts";
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
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (reason: unknown) => {
    limit.abort(reason);
    reject(reason);
  };
  const late = () => stop(new CheckFailure("timeout", `no complete answer within ${durationText(ms)}`));
  const follow = () => stop(outer.reason);
  // The work first: setting a timer up takes time too, and then it passes while a request is under way.
  const working = work(limit.signal);
  const cancel = after(ms, late);
  outer.addEventListener("abort", follow, { once: true });
  if (outer.aborted) follow();
  try {
    return await Promise.race([working, aborted]);
  } finally {
    cancel();
    outer.removeEventListener("abort", follow);
    // The losing side of the race may still reject; the winner has decided.
    working.catch(() => undefined);
  }
}

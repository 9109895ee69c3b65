import { FlagSourceError } from "../source/flag-source-error.ts";
import type { ClientPorts } from "./client-ports.ts";

/**
 * Runs a call of a source with a deadline, and ends it when `outer` aborts. A source that ignores its signal (a
 * black-holed socket, a library without one) is left behind: its late answer goes nowhere.
 *
 * @throws {FlagSourceError} `unreachable` when the time is up; otherwise what the call rejects with.
 */
export async function callInTime<T>(
  call: (signal: AbortSignal) => Promise<T>,
  {
    what,
    timeoutMs,
    outer,
    ports,
  }: { what: string; timeoutMs: number; outer: AbortSignal; ports: ClientPorts },
): Promise<T> {
  const inner = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  // Whoever loses the race is of no interest any more.
  ended.catch(() => {});
  const end = (reason: unknown) => {
    inner.abort(reason);
    reject(reason);
  };
  const onClose = () => end(outer.reason);
  if (outer.aborted) throw outer.reason;
  outer.addEventListener("abort", onClose, { once: true });
  const cancel = ports.after(
    timeoutMs,
    () => end(new FlagSourceError("unreachable", `${what}: no answer within ${timeoutMs} ms`)),
    false,
  );
  try {
    const answer = call(inner.signal);
    answer.catch(() => {});
    return await Promise.race([answer, ended]);
  } finally {
    cancel();
    outer.removeEventListener("abort", onClose);
  }
}

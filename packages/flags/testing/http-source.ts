import type { FlagSource } from "../src/source/flag-source.ts";
import { FlagSourceError } from "../src/source/flag-source-error.ts";

/** A source over plain HTTP, so that clients in other processes and runtimes meet real sockets. */
export function httpSource(url: string): FlagSource {
  const ask = async (path: string, init: RequestInit) => {
    try {
      const answer = await fetch(`${url}${path}`, init);
      if (!answer.ok)
        throw new FlagSourceError(answer.status === 401 ? "denied" : "failed", `${answer.status}`);
      return answer.status === 204 ? null : await answer.json();
    } catch (error) {
      throw error instanceof FlagSourceError ? error : new FlagSourceError("unreachable", String(error));
    }
  };
  return {
    name: "http",
    fetchRevision: (_, signal) => ask("/revision", { signal }),
    fetchDocument: (signal) => ask("/document", { signal }),
    subscribe: () => () => {},
    acknowledge: (said, signal) =>
      ask("/acknowledge", { method: "POST", body: JSON.stringify(said), signal }),
    close: async () => {},
  };
}

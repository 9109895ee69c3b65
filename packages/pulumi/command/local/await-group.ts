import type { ChildProcess } from "node:child_process";
import type { StreamName } from "../output/output-log.ts";
import { endGroup } from "./process-group.ts";

/** How a program ended: with a status, by a signal from elsewhere, or because it was made to. */
export type Exit =
  | { readonly kind: "exited"; readonly status: number }
  | { readonly kind: "signalled"; readonly signal: NodeJS.Signals }
  | { readonly kind: "aborted"; readonly reason: Error };

export interface AwaitOptions {
  readonly signal: AbortSignal;
  readonly onOutput: (stream: StreamName, chunk: Buffer) => void;
  /** Ends the program when the signal aborts. Default {@link endGroup}. */
  readonly end?: (child: ChildProcess) => Promise<void>;
}

/** After the group has ended, a descendant that left it can still hold the pipes open: no longer than this. */
const DRAIN_MS = 300;

/**
 * Waits until a program has ended and its output is read to the end. When the signal aborts, the program is
 * ended first, and the wait is over soon whoever still holds its output.
 *
 * @throws the system's error when the program could not be started.
 */
export function awaitGroup(child: ChildProcess, options: AwaitOptions): Promise<Exit> {
  const { signal, onOutput, end = endGroup } = options;
  return new Promise((resolve, reject) => {
    let aborted = false;
    const closed = new Promise<void>((done) => child.once("close", () => done()));

    const onAbort = async () => {
      aborted = true;
      await end(child);
      await Promise.race([closed, new Promise((done) => setTimeout(done, DRAIN_MS))]);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ kind: "aborted", reason: signal.reason });
    };
    const abort = () => void onAbort().catch(reject);

    child.stdout?.on("data", (chunk: Buffer) => onOutput("stdout", chunk));
    child.stderr?.on("data", (chunk: Buffer) => onOutput("stderr", chunk));
    // A program may end without reading its input; what it did not want is no failure.
    child.stdin?.on("error", () => {});
    child.once("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(error);
    });
    child.once("close", (status, signalName) => {
      signal.removeEventListener("abort", abort);
      if (aborted) return;
      resolve(
        signalName === null
          ? { kind: "exited", status: status ?? 0 }
          : { kind: "signalled", signal: signalName },
      );
    });
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

/** How a program ended, as the official plugin words it; `undefined` for success. */
export function failureOf(exit: Exit): string | undefined {
  switch (exit.kind) {
    case "exited":
      return exit.status === 0 ? undefined : `exit status ${exit.status}`;
    case "signalled":
      return `signal: ${exit.signal}`;
    case "aborted":
      return exit.reason.message;
  }
}

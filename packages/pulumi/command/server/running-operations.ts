/** What is being done for the engine right now, so that it can be ended. */
export interface RunningOperations {
  /**
   * Runs work under a signal that aborts after `timeoutSeconds` (0: never), when `onGone` calls back because the
   * engine no longer waits for the answer, and when everything is cancelled. The signal's reason is an `Error`.
   */
  run<Result>(limits: Limits, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /** Ends everything that runs, and whatever is asked for later. Resolves when nothing runs any more. */
  cancelAll(): Promise<void>;
}

export interface Limits {
  readonly timeoutSeconds: number;
  readonly onGone: (callback: () => void) => void;
}

/** Timers take no more milliseconds than this: 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createRunningOperations(): RunningOperations {
  const everything = new AbortController();
  const running = new Set<Promise<unknown>>();

  return {
    async run({ timeoutSeconds, onGone }, work) {
      everything.signal.throwIfAborted();
      const own = new AbortController();
      onGone(() => own.abort(new Error("cancelled: Pulumi is gone")));
      const late = () => own.abort(new Error(`timed out after ${timeoutSeconds} s`));
      const timer =
        timeoutSeconds > 0 ? setTimeout(late, Math.min(timeoutSeconds * 1000, LONGEST_TIMER_MS)) : undefined;
      const signal = AbortSignal.any([everything.signal, own.signal]);
      const done = work(signal);
      running.add(done);
      try {
        return await done;
      } finally {
        clearTimeout(timer);
        running.delete(done);
      }
    },
    async cancelAll() {
      everything.abort(new Error("cancelled"));
      await Promise.allSettled(running);
    },
  };
}

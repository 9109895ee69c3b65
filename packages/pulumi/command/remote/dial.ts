import { type Clock, systemClock } from "@slipway/kernel";

/** The connection did not come about; nothing was done on the other side. */
export class DialError extends Error {
  /** Trying again cannot help: the host is not the expected one, or the key cannot be read. */
  readonly final: boolean;

  constructor(message: string, final = false) {
    super(message);
    this.final = final;
  }
}

export interface DialOptions {
  /** Failures to forgive; -1: any number. */
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onRetry: (attempt: number) => void;
  readonly clock?: Clock;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Tries until a connection comes about: a machine that was made a moment ago is not ready at once. Only a
 * {@link DialError} is tried again; what fails once the connection stood has had its effect.
 */
export async function dial<Result>(options: DialOptions, attempt: () => Promise<Result>): Promise<Result> {
  const { limit, signal, onRetry, clock = systemClock } = options;
  let pause = FIRST_PAUSE_MS;
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DialError) || error.final) throw error;
      if (limit >= 0 && failures > limit) {
        throw new DialError(`${error.message} (${failures} ${failures === 1 ? "attempt" : "attempts"})`);
      }
      onRetry(failures);
      await clock.sleep(pause, signal);
      pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
    }
  }
}

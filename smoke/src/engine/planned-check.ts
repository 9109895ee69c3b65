import type { Clock } from "@slipway/kernel";
import type { FailureClass } from "../definition/suite.ts";
import type { Finding } from "./report.ts";
import type { HttpTransport } from "./transport.ts";

/** What an attempt may use. */
export interface AttemptTools {
  /** Aborts at the attempt's time limit, at the run's deadline, and when the run is stopped. */
  readonly signal: AbortSignal;
  readonly transport: HttpTransport;
  readonly clock: Clock;
  /** Says that something answered, whatever it said: the run does not end for silence any more. */
  readonly answered: () => void;
}

/** What one attempt found. */
export interface Attempt {
  readonly findings: readonly Finding[];
  /** How long the other side asked to be left alone. */
  readonly retryAfterMs?: number;
}

/** A retry policy with its defaults filled in, in milliseconds. */
export interface RetryPlan {
  readonly on: ReadonlySet<FailureClass>;
  readonly limit: number;
  readonly everyMs: number;
  readonly backoff: "constant" | "exponential";
  readonly maxMs: number;
  readonly jitter: number;
}

/** A check ready to run: references resolved, defaults filled in. */
export interface PlannedCheck {
  readonly name: string;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly optional: boolean;
  readonly timeoutMs: number;
  readonly retry: RetryPlan;
  readonly stable: { readonly times: number; readonly overMs: number };
  /** One look. Rejects with a `CheckFailure` when there is nothing to judge. */
  readonly attempt: (tools: AttemptTools) => Promise<Attempt>;
}

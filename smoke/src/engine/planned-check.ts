import type { Clock, Redactor } from "@slipway/kernel";
import type { FailureClass } from "../definition/common.ts";
import type { Suite } from "../definition/suite.ts";
import type { Ports } from "./ports.ts";
import type { Finding } from "./report.ts";
import type { HttpTransport } from "./transport.ts";

/** What an attempt may use. */
export interface AttemptTools {
  /** Aborts at the attempt's time limit, at the run's deadline, and when the run is stopped. */
  readonly signal: AbortSignal;
  readonly transport: HttpTransport;
  readonly ports: Ports;
  readonly clock: Clock;
  /** Says that something answered, whatever it said: the run does not end for silence any more. */
  readonly answered: () => void;
  /**
   * Registers what undoes the attempt. Runs after it, the last one first, whatever came of it, with a
   * time limit of its own; what it could not undo fails the check.
   */
  readonly afterwards: (cleanUp: (signal: AbortSignal) => Promise<readonly Finding[]>) => void;
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
  readonly forMs: number;
  readonly everyMs: number;
  readonly backoff: "constant" | "exponential";
  readonly maxMs: number;
  readonly jitter: number;
}

/** What a check must be allowed to do, for runtimes that ask. */
export interface Needs {
  /** `host:port` of every connection. */
  readonly hosts: readonly string[];
  /** Programs that are run. */
  readonly programs?: readonly string[];
  /** Environment variables that a library looks at. */
  readonly env?: readonly string[];
}

/** One way of looking, made from a check: an HTTP check at two vantage points gives two. */
export interface Look {
  /** Its name when the check has none: `api /healthz`. */
  readonly label: string;
  /** Set when a check gives several looks. */
  readonly vantage?: string;
  readonly needs: Needs;
  /** One look. Rejects with a `CheckFailure` when there is nothing to judge. */
  readonly attempt: (tools: AttemptTools) => Promise<Attempt>;
  /** Requests that one attempt makes one after the other; each has the check's time limit. Default 1. */
  readonly requests?: number;
}

/** A check ready to run: references resolved, defaults filled in. */
export interface PlannedCheck extends Pick<Look, "attempt" | "needs"> {
  readonly name: string;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly optional: boolean;
  readonly timeoutMs: number;
  readonly retry: RetryPlan;
  readonly stable: { readonly times: number; readonly overMs: number };
}

/** What planning may look at. */
export interface PlanContext {
  readonly suite: Suite;
  readonly runId: string;
  readonly redactor: Redactor;
}

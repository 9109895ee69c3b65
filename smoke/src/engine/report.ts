import type { Verdict } from "@slipway/kernel";
import type { FailureClass } from "../definition/common.ts";
import type { Expected } from "../definition/expected.ts";

/** One thing that was looked at: what was expected and what was seen. */
export interface Finding {
  readonly ok: boolean;
  /** `status`, `$.version`, `header content-type`. */
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  /** Set when not ok. */
  readonly failure?: FailureClass;
}

/** An attempt that failed, kept so that a retried success stays visible. */
export interface FailedAttempt {
  readonly attempt: number;
  /** Milliseconds from the start of the check. */
  readonly at: number;
  readonly failure: FailureClass;
  readonly message: string;
}

/** What came of one check. */
export interface CheckReport {
  readonly name: string;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly optional: boolean;
  readonly verdict: Verdict;
  /** Why it did not pass. */
  readonly failure?: FailureClass;
  /** One line: what was seen, or what was expected and seen. */
  readonly message: string;
  /** The last attempt's time in milliseconds. */
  readonly ms: number;
  /** The whole check, its waiting included. */
  readonly totalMs: number;
  readonly attempts: number;
  /** Passed, but not at once. */
  readonly retried: boolean;
  readonly findings: readonly Finding[];
  /** The first and the last few failed attempts. */
  readonly failures: readonly FailedAttempt[];
}

/** What came of a run. */
export interface SmokeReport {
  readonly slipway: "smoke";
  readonly schema: 1;
  readonly suite: string;
  readonly verdict: Verdict;
  readonly expected: Pick<Expected, "environment" | "release" | "digest" | "attempt">;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly ms: number;
  readonly counts: Counts;
  /** In the order of the suite. */
  readonly checks: readonly CheckReport[];
  /** What happened, as one sentence. */
  readonly sentence: string;
  /** What to do next. */
  readonly next: string;
}

export interface Counts {
  readonly checks: number;
  readonly passed: number;
  /** Critical checks that did not pass, whatever their verdict. */
  readonly failed: number;
  /** Optional checks that did not pass. */
  readonly warned: number;
  /** Checks that passed after a failed attempt. */
  readonly retried: number;
}

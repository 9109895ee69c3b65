import type { Verdict } from "@slipway/kernel";

/** One step of a ramp: a share of the users, and how long it is watched before it is judged. */
export interface RampStep {
  /** 1 to 100, an integer. */
  readonly percent: number;
  /** Milliseconds. */
  readonly soakMs: number;
}

/**
 * What a ramp is: `running` until every step has passed (`done`), a step failed (`rolled-back`), a step could
 * not be judged (`held`: the share stays, somebody resumes it), or somebody changed the flag meanwhile (`stopped`).
 */
export type RampStatus = "running" | "held" | "done" | "rolled-back" | "stopped";

/** A ramp as the ledger keeps it, beside the flag: whoever drives it next needs nothing else. */
export interface Ramp {
  /** Ascending, the last one 100. */
  readonly steps: readonly RampStep[];
  /** The share before the ramp, which a failed step goes back to. */
  readonly from: number;
  /** Index of the step that is set; -1 before the first. */
  readonly step: number;
  /** When that step was set, in milliseconds since 1970 by the database's clock. */
  readonly steppedAt: number;
  readonly status: RampStatus;
  /** The flag's version as the ramp last wrote it: with another one, somebody else changed the flag. */
  readonly flagVersion: number;
}

/** What a step's watched time showed. */
export interface StepVerdict {
  readonly verdict: Verdict;
  readonly why: string;
}

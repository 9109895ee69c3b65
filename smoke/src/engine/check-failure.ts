import type { FailureClass } from "../definition/common.ts";

/** Thrown by a check that could not get as far as a finding: nothing answered, or it cannot be asked. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
  readonly failure: FailureClass;

  constructor(failure: FailureClass, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** Why a signal was aborted, when it was one of ours: a time limit, the silence, or a stop from outside. */
export class StopReason extends CheckFailure {}

import type { FailureClass } from "../definition/common.ts";

/**
 * Thrown by a check that could not get as far as a finding: nothing answered, or it cannot be asked.
 *
 * @example
 * throw new CheckFailure("unavailable", "the queue is full"); // in a flow: tried again
 */
export class CheckFailure extends Error {
  override readonly name: string = "CheckFailure";
  readonly failure: FailureClass;

  constructor(failure: FailureClass, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** Why a signal was aborted, when it was one of ours: the deadline, the silence, or a stop from outside. */
export class StopReason extends CheckFailure {
  override readonly name = "StopReason";
}

/** Recognises the failure by its name: a flow, or a part of the build, may have its own copy of the class. */
export function isCheckFailure(value: unknown): value is CheckFailure {
  return value instanceof Error && (value.name === "CheckFailure" || value.name === "StopReason");
}

/** Recognises the reason, as {@link isCheckFailure} does. */
export function isStopReason(value: unknown): value is StopReason {
  return value instanceof Error && value.name === "StopReason";
}

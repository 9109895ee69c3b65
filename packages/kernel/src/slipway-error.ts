import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** What an error says beside its code: what failed, why, and what to do about it. */
export interface ErrorDetails {
  /** What failed, as one sentence without a full stop: `Cannot read release "1.4.0"`. */
  readonly what: string;
  /** Why, with the values that were found. */
  readonly why?: string;
  /** The exact next step. Left out, the code's general advice stands. */
  readonly todo?: string;
  readonly cause?: unknown;
}

/**
 * The one error that users see. The code is stable and has a page in `packages/docs/errors/`; whether
 * it is a refusal (nothing was changed) comes from the code.
 *
 * @example
 * throw new SlipwayError("RELEASE_UNKNOWN", {
 *   what: 'Cannot read release "1.4.0"',
 *   why: "stacks/releases/1.4.0.json does not exist",
 *   todo: "slipway cut 1.4.0, or pin one of 1.0.0, 1.1.0",
 * });
 */
export class SlipwayError extends Error {
  override readonly name = "SlipwayError" as const;
  readonly code: ErrorCode;
  readonly what: string;
  readonly why: string | undefined;
  readonly todo: string;

  constructor(code: ErrorCode, details: ErrorDetails) {
    const todo = details.todo ?? errorCodes[code].advice;
    const why = details.why === undefined ? "" : `: ${details.why}`;
    super(`${details.what}${why}`, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.what = details.what;
    this.why = details.why;
    this.todo = todo;
  }

  /** True when the code says that a gate refused before anything was changed (exit code 2). */
  get refusal(): boolean {
    return errorCodes[this.code].refusal;
  }
}

/** Recognises the error across duplicate installs and realms, where `instanceof` fails. */
export function isSlipwayError(value: unknown): value is SlipwayError {
  return value instanceof Error && value.name === "SlipwayError" && "code" in value;
}

/**
 * The error as people see it, three lines: code and what and why; what to do; where to read more.
 *
 * @example
 * renderError(error);
 * // RELEASE_UNKNOWN: Cannot read release "1.4.0": stacks/releases/1.4.0.json does not exist
 * //   do:   slipway cut 1.4.0, or pin one of 1.0.0, 1.1.0
 * //   more: slipway explain RELEASE_UNKNOWN
 */
export function renderError(error: SlipwayError): string {
  return `${error.code}: ${error.message}\n  do:   ${error.todo}\n  more: slipway explain ${error.code}`;
}

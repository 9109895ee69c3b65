/**
 * Why a store did not answer: `unreachable` (network, timeout), `denied` (a wrong, expired or rotated key, or
 * missing rights: status 401, 403), `failed` (it answered, but not with what was asked).
 */
export type FlagSourceFailure = "unreachable" | "denied" | "failed";

/** A source's one error. The message never has a key in it. */
export class FlagSourceError extends Error {
  override readonly name = "FlagSourceError" as const;
  readonly failure: FlagSourceFailure;

  constructor(failure: FlagSourceFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.failure = failure;
  }
}

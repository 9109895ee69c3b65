/** Which step a metric is asked about. */
export interface MetricRequest {
  readonly flag: string;
  /** The share of users that have the flag on, 1 to 100. */
  readonly percent: number;
  /** When the step was set, in milliseconds since 1970. */
  readonly since: number;
}

/**
 * Where the value that judges a step comes from. A query neither judges nor retries; one that fails rejects,
 * which holds the ramp once it has happened three times in a row.
 */
export interface MetricQuery {
  /** For messages and the audit. */
  readonly name: string;
  /** The metric's value over the step's watched time; null where there is none. */
  read(request: MetricRequest, signal: AbortSignal): Promise<number | null>;
}

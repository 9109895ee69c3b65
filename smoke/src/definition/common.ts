import type { Duration } from "./duration.ts";

/** Why an attempt failed. Retry policies choose among these. */
export type FailureClass =
  /** No answer: refused, reset, unknown host. */
  | "network"
  /** No complete answer within the time limit. */
  | "timeout"
  /** The certificate or the handshake. */
  | "tls"
  /** An answer that says "not now": 408, 425, 429, 502, 503, 504. */
  | "unavailable"
  /** An answer whose body says that the service is not healthy. */
  | "unhealthy"
  /** An answer that is not what was expected. */
  | "assertion"
  /** Nothing to judge: a metric without series, a query without rows. */
  | "no-data"
  /** Too little to judge: fewer samples than the percentile needs. */
  | "inconclusive"
  /** The check cannot be made: a missing port, a value that is not set. */
  | "configuration"
  /** The run was stopped from outside. */
  | "interrupted";

/** When and how often a check is tried again. */
export interface RetryPolicy {
  /** The failures that another attempt may mend. Default: network, timeout, unavailable, unhealthy. */
  readonly on?: readonly FailureClass[];
  /** Attempts after the first one. Default: as many as the deadline allows. */
  readonly limit?: number;
  /** How long to go on trying. Default: until the run's deadline. */
  readonly for?: Duration;
  /** The pause between two attempts, or the first one with exponential backoff. Default 250 ms. */
  readonly every?: Duration;
  /** `constant` (default), or `exponential`: doubled each time up to `max`. */
  readonly backoff?: "constant" | "exponential";
  /** The longest pause of an exponential backoff. Default 2 s. */
  readonly max?: Duration;
  /** The part of a pause that chance may take away, 0 to 1. Default 0.1. */
  readonly jitter?: number;
}

/** N good attempts in a row, spread over some time, before a check passes. */
export interface Stability {
  readonly times: number;
  /** The time between the first and the last of them. Default 0. */
  readonly over?: Duration;
}

/** From where a service is asked: its own address, or the one that its users use, or both. */
export type Vantage = "inside" | "public" | "both";

/** What every check can say about itself. */
export interface CheckBase {
  /** Default: made from what is checked. Names are unique in a suite. */
  readonly name?: string;
  /** What `--tag` and suites select by. */
  readonly tags?: readonly string[];
  /** An optional check that fails is shown and does not stop the release. */
  readonly optional?: boolean;
  /** The time limit of one attempt, the body included. Default 5 s. */
  readonly timeout?: Duration;
  /** `false`: one attempt. A mutating check has one attempt unless this is written. */
  readonly retry?: RetryPolicy | false;
  readonly stable?: Stability;
}

/** Where a request goes: a path of a service, or a whole URL. */
export interface Place {
  /** A name in `services` or in what the pin expects. May be left out when there is only one. */
  readonly service?: string;
  readonly path?: string;
  readonly url?: string;
  /** Default: inside where the service has an address, else public. */
  readonly at?: Vantage;
}

/** A value, or a test of one. Several operators must all hold. */
export type Matcher = null | boolean | number | string | readonly unknown[] | MatcherOperators;

/** Tests of a value, for wherever a value can stand. */
export interface MatcherOperators {
  readonly equals?: unknown;
  readonly not?: unknown;
  readonly oneOf?: readonly unknown[];
  /** A part of a text, or an element of a list. */
  readonly contains?: unknown;
  readonly startsWith?: string;
  /** A regular expression. */
  readonly matches?: string;
  readonly exists?: boolean;
  readonly type?: "string" | "number" | "integer" | "boolean" | "array" | "object" | "null";
  readonly min?: number;
  readonly max?: number;
  /** The length of a text or a list. */
  readonly length?: unknown;
}

/** A validator as zod, valibot, arktype and others export it (standardschema.dev, version 1). */
export interface StandardSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
  };
}

/** What a Standard Schema concluded. */
export interface SchemaResult {
  readonly issues?:
    | readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[]
    | undefined;
}

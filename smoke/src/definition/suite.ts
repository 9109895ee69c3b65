import type { Duration } from "./duration.ts";
import type { Expected } from "./expected.ts";

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
  /** What `--tag` selects by. */
  readonly tags?: readonly string[];
  /** An optional check that fails is shown and does not stop the release. */
  readonly optional?: boolean;
  /** The time limit of one attempt, the body included. Default 5 s. */
  readonly timeout?: Duration;
  readonly retry?: RetryPolicy | false;
  readonly stable?: Stability;
}

/** Where a request goes: a path of a service, or a whole URL. */
export interface Place {
  /** A name in `services` or in what the pin expects. */
  readonly service?: string;
  readonly path?: string;
  readonly url?: string;
  readonly at?: Vantage;
}

/** A value, or a test of one. Several operators must all hold. */
export type Matcher = null | boolean | number | string | readonly unknown[] | MatcherOperators;

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
  readonly length?: Matcher;
}

/** What an answer must be. Without `status`, 200 is expected. */
export interface HttpExpectation {
  readonly status?: number | readonly number[];
  /** The body says that the service is well: `true` looks at `status`, `ok` or `healthy`. */
  readonly health?: boolean | { readonly path?: string; readonly words?: readonly string[] };
  /** Values by JSON path: `{ "$.items.length": 3, "$.version": { startsWith: "1." } }`. */
  readonly json?: Readonly<Record<string, Matcher>>;
  readonly headers?: Readonly<Record<string, Matcher>>;
  readonly text?: Matcher;
  /** The media type, without its parameters. */
  readonly type?: string;
  /** A redirect is a failure unless it is expected here; its `location` must match. Never followed. */
  readonly redirect?: Matcher;
  /** The longest time from the request to the end of the body. */
  readonly within?: Duration;
}

/** A request and what its answer must be. */
export interface HttpCheck extends CheckBase, Place {
  readonly kind?: "http";
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly expect?: HttpExpectation;
}

/** Where a value is found in an answer: a JSON path, a header, a `<meta name>` tag, or a pattern's first group. */
export type Reading =
  | string
  | { readonly json: string }
  | { readonly header: string }
  | { readonly meta: string }
  | { readonly pattern: string };

/** One place that says which version answers. */
export interface VersionSource extends Place {
  /** Default `$.version`. */
  readonly version?: Reading;
  /** Where the name of the service is, when it must be right too. */
  readonly name?: Reading;
  readonly build?: Reading;
  readonly commit?: Reading;
}

/** Every source must answer as the expected version (and build), or, when nothing is expected, as each other. */
export interface VersionCheck extends CheckBase {
  readonly kind: "version";
  readonly sources: readonly VersionSource[];
  /** Default: what the pin expects of the source's service. */
  readonly version?: string;
  readonly build?: string;
  readonly commit?: string;
}

/** One check of a suite. */
export type Check = HttpCheck | VersionCheck;

/** Where a service of a suite is found. */
export interface SuiteService {
  readonly address?: string;
  readonly public?: string;
}

/** A set of checks that decides whether a release may serve. */
export interface Suite {
  readonly name?: string;
  /** The whole run's limit. Default 30 s. */
  readonly deadline?: Duration;
  /** Give up when nothing at all has answered for this long. Default 10 s. */
  readonly silence?: Duration;
  readonly expected?: Expected;
  readonly services?: Readonly<Record<string, SuiteService>>;
  /** What checks take over when they do not say it themselves. */
  readonly defaults?: Pick<CheckBase, "timeout" | "retry" | "stable">;
  readonly checks: readonly Check[];
}

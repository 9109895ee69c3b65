import type { CheckBase, Matcher, Place, StandardSchema } from "./common.ts";
import type { Duration } from "./duration.ts";

/** What an answer must be. Without `status`, 200 is expected. */
export interface HttpExpectation {
  readonly status?: number | readonly number[];
  /** The body says that the service is well: `true` looks at `status`, `ok` or `healthy`. */
  readonly health?: boolean | HealthReading;
  /** Values by JSON path: `{ "$.items.length": 3, "$.version": { startsWith: "1." } }`. */
  readonly json?: Readonly<Record<string, Matcher>>;
  /** The whole body: a JSON Schema, or in TypeScript a Standard Schema (zod, valibot, arktype). */
  readonly schema?: StandardSchema | Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, Matcher>>;
  readonly text?: Matcher;
  /** The media type, without its parameters. */
  readonly type?: string;
  /** A redirect is a failure unless it is expected here; its `location` must match. Never followed. */
  readonly redirect?: Matcher;
  /** The longest time from the request to the end of the body. */
  readonly within?: Duration;
}

/** Where a health body says how it is, and which words mean well. */
export interface HealthReading {
  /** A JSON path. */
  readonly path?: string;
  readonly words?: readonly string[];
}

/** A request, besides where it goes. */
export interface RequestParts {
  /** Default GET. Any other than GET and HEAD needs `mutating: true`. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** How fast an answer must be, by a percentile of several requests one after the other. */
export interface Samples {
  readonly times: number;
  /** 1 to 100. Needs enough samples: 20 for the 95th, 100 for the 99th. */
  readonly percentile: number;
  readonly within: Duration;
}

/** A request that puts things back. `${capture.NAME}` stands for what the answer gave. */
export interface CleanUp extends Place, RequestParts {
  /** Status codes that mean done. Default 200, 202, 204, 404. */
  readonly status?: readonly number[];
}

/** A request and what its answer must be. */
export interface HttpCheck extends CheckBase, Place, RequestParts {
  readonly kind?: "http";
  readonly expect?: HttpExpectation;
  readonly samples?: Samples;
  /** The request changes something. */
  readonly mutating?: boolean;
  /** Values that `cleanUp` needs, by JSON path. */
  readonly capture?: Readonly<Record<string, string>>;
  /** Runs after every attempt, whatever came of it, even when the run is stopped. */
  readonly cleanUp?: CleanUp;
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

/** Metrics in Prometheus' text format: the text parses, and the named series are there. */
export interface MetricsCheck extends CheckBase, Place {
  readonly kind: "metrics";
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * By series: `up`, or with labels `http_requests_total{code="200"}`. Every series that has these labels
   * must match; `{ exists: true }` wants any value. None at all, and NaN, are no data.
   */
  readonly series: Readonly<Record<string, Matcher>>;
}

/** An edge function: it is deployed, boots, answers as expected, and refuses callers without a key. */
export interface FunctionCheck extends CheckBase, Place, RequestParts {
  readonly kind: "function";
  /** Sent as `Authorization: Bearer` and as `apikey`. */
  readonly key?: string;
  /** A call without the key must be answered 401 or 403. Default true when there is a key. */
  readonly refusesWithoutKey?: boolean;
  readonly mutating?: boolean;
  readonly expect?: HttpExpectation;
  /** Where the answer says its version; compared with the pin's. */
  readonly version?: Reading;
}

/** A static site: the page of the expected build, and every script and style sheet that it names. */
export interface SiteCheck extends CheckBase, Place {
  readonly kind: "site";
  /** The build id that must be served. Default: the build, or else the version, that the pin expects. */
  readonly build?: string;
  /** Where the page says its build. Default `<meta name="build">`. */
  readonly reading?: Reading;
  /** Ask for the scripts and style sheets of the page too. Default true. */
  readonly assets?: boolean;
  /** A path that must answer 404: a catch-all that answers everything hides a broken deploy. */
  readonly missing?: string;
}

/** What has to run: one copy of one service of one release, with everything that shapes the process. */
export interface InstanceSpec {
  /** `<service>-<version>-<settings>`, for example `api-1.1.0-3fa9c1d2`: letters, digits, `.`, `_`, `-`. */
  readonly id: string;
  readonly service: string;
  readonly version: string;
  /** Digest of the tar in the artifact store: `sha256:<hex>`. */
  readonly artifact: string;
  /** Digest of the built content, which the instance has to answer with at `health.meta`. */
  readonly build: string;
  /** An argv array; `node` as the first word is the Node that runs Slipway. */
  readonly command: readonly string[];
  /** Name of the environment variable that tells the service its port. */
  readonly portVariable: string;
  /** The public path prefix, for example `/`. */
  readonly path: string;
  /** Paths on the instance: alive, ready to serve, and what it is. */
  readonly health: { readonly live: string; readonly ready: string; readonly meta: string };
  /** Resolved values, secrets among them: handed to the process, never written to disk, never logged. */
  readonly env: Readonly<Record<string, string>>;
  /** How long the instance may take to get ready, in milliseconds. */
  readonly readyDeadlineMs: number;
  /** How long it then has to stay ready without a break, in milliseconds. */
  readonly stabilityMs: number;
}

/** An instance that was started and not stopped; `alive` is false when its process is gone nevertheless. */
export interface RunningInstance {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  /** `http://127.0.0.1:<port>`. */
  readonly address: string;
  /** 0 when the process never came to write its number. */
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly alive: boolean;
}

/** An instance that gets a share of a route's requests. Weights are relative to each other; 0 gets none. */
export interface Backend {
  readonly instance: string;
  readonly address: string;
  readonly weight: number;
}

/** Requests whose path is `path` or lies below it go to these backends; the longest path wins. */
export interface Route {
  readonly service: string;
  readonly path: string;
  readonly backends: readonly Backend[];
}

/** What the router counted for one instance since the router started. */
export interface InstanceCounters {
  /** Requests being answered now, open WebSockets among them. */
  readonly inflight: number;
  readonly requests: number;
  /** Answers with 500 to 599, broken answers, and connections that could not be made. */
  readonly failures: number;
  /** Of the failures: those that another backend answered in its place. */
  readonly retried: number;
}

/** What the router does now, as the router itself says. */
export interface TrafficState {
  readonly running: boolean;
  /** `http://127.0.0.1:<port>`, or null when the router is down. */
  readonly address: string | null;
  /** With the router down: the routes that it would serve if it were started. */
  readonly routes: readonly Route[];
  readonly counters: Readonly<Record<string, InstanceCounters>>;
}

/**
 * A kind of place that services run in. Everything here looks at the world first and does what is missing,
 * so each call may be repeated, by another process too, after a kill at any instant.
 */
export interface Target {
  readonly kind: string;
  /**
   * Asks whether a run could work here, and changes nothing.
   *
   * @throws {SlipwayError} FOLDER_NOT_WRITABLE, PORT_IN_USE.
   */
  preflight(): Promise<void>;
  /** Everything that was started and not stopped, in the order of the ids. */
  instances(): Promise<RunningInstance[]>;
  /**
   * Brings an instance to where it is ready and proves to be what was asked for. One that runs already is
   * adopted; a start that fails leaves nothing running.
   *
   * @throws {SlipwayError} ARTIFACT_MISSING, ARTIFACT_DAMAGED, ARTIFACT_UNSAFE, SERVICE_EXITED,
   *   SERVICE_NOT_READY, SERVICE_WRONG_BUILD, PORT_IN_USE.
   */
  start(spec: InstanceSpec, signal?: AbortSignal): Promise<RunningInstance>;
  /**
   * Ends an instance: politely, after `graceMs` by force, and makes sure that it is gone. What is not there is
   * stopped already.
   *
   * @throws {SlipwayError} SERVICE_NOT_STOPPED.
   */
  stop(id: string, options: { readonly graceMs: number }, signal?: AbortSignal): Promise<void>;
  /** The last lines that an instance wrote, redacted; empty when it never ran. Also for stopped instances. */
  logs(id: string, lines: number): Promise<string>;
  /** @throws {SlipwayError} ROUTER_FAILED when the router runs and does not answer. */
  traffic(): Promise<TrafficState>;
  /**
   * Replaces all routes at once, with the router started when it is down, and gives back what the router
   * says after. Requests under way stay with the backend they have.
   *
   * @throws {SlipwayError} ROUTER_FAILED, PORT_IN_USE.
   */
  route(routes: readonly Route[], signal?: AbortSignal): Promise<TrafficState>;
  /** Waits until the router has no request under way at an instance, and gives the number that is left. */
  drain(id: string, options: { readonly deadlineMs: number }, signal?: AbortSignal): Promise<number>;
  /** Stops the router and all instances. Data and logs stay. */
  down(): Promise<void>;
}

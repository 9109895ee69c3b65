import type { CheckBase, Matcher, Place } from "./common.ts";
import type { Duration } from "./duration.ts";

/** The certificate of a host: its chain and name, how long it lasts, and whose key it is. */
export interface TlsCheck extends CheckBase, Place {
  readonly kind: "tls";
  /** `shop.example` or `shop.example:8443`, instead of a service. */
  readonly host?: string;
  /** The name that the certificate must be for. Default: the host. */
  readonly certificateName?: string;
  /** The least time that it must be valid for. Default 14 days. */
  readonly validFor?: Duration;
  /** SHA-256 of the public key (SPKI) in base64; any of several. */
  readonly pins?: readonly string[];
}

/** A name that must resolve. */
export interface DnsCheck extends CheckBase {
  readonly kind: "dns";
  readonly host: string;
  /** Default A. */
  readonly type?: "A" | "AAAA" | "CNAME" | "TXT" | "MX" | "NS";
  /** The records in order of the alphabet. Default: at least one. */
  readonly records?: Matcher;
  /** A name server to ask, `ip` or `ip:port`, instead of the system's. */
  readonly server?: string;
}

/** A TCP port that must accept a connection, and may have to greet. */
export interface TcpCheck extends CheckBase {
  readonly kind: "tcp";
  /** `db.internal:5432`. */
  readonly address: string;
  readonly send?: string;
  /** What comes back first. */
  readonly reply?: Matcher;
}

/** A local program. */
export interface CommandCheck extends CheckBase {
  readonly kind: "command";
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly folder?: string;
  /** Default 0. */
  readonly exit?: number;
  readonly stdout?: Matcher;
  readonly stderr?: Matcher;
  /** stdout as JSON, or as JSON lines, by JSON path. */
  readonly json?: Readonly<Record<string, Matcher>>;
}

/** A query in a read-only transaction. */
export interface SqlCheck extends CheckBase {
  readonly kind: "sql";
  /** A connection URL, mostly `${DATABASE_URL}`. */
  readonly database: string;
  /** One statement. */
  readonly query: string;
  /** The rows as a list of objects, by JSON path: `{ "$[0].count": { min: 1 } }`. Default: at least one row. */
  readonly rows?: Readonly<Record<string, Matcher>>;
}

/** What a flow can use. */
export interface FlowTools {
  /** A ky instance for a service: its address in front, no retries, ended with the flow. */
  readonly http: (service?: string) => Promise<FlowClient>;
  readonly signal: AbortSignal;
  /** Unique to this run, to find and remove what the flow made. */
  readonly runId: string;
  /** Adds a finding; a failed one fails the check. */
  readonly expect: (what: string, seen: unknown, matcher: Matcher) => void;
  /** Registers what has to be undone; the last one runs first, whatever happens. */
  readonly afterwards: (cleanUp: (signal: AbortSignal) => Promise<void>) => void;
}

/** The client of a flow is ky. */
export type FlowClient = import("ky").KyInstance;

/** Several steps that need code: log in, order, see the order, remove it. Only in TypeScript. */
export interface FlowCheck extends CheckBase {
  readonly kind: "flow";
  readonly run: (tools: FlowTools) => Promise<void>;
  /** The flow changes something: the client refuses everything but GET and HEAD without it. */
  readonly mutating?: boolean;
}

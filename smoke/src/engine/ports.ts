/**
 * What some checks need and `fetch` cannot give. A runtime supplies what it has; a check whose port is
 * missing is a configuration error, never a pass. Every port ends its work when the signal aborts, and
 * rejects with a `CheckFailure` when nothing answers.
 */
export interface Ports {
  readonly tls?: (query: TlsQuery) => Promise<Certificate>;
  readonly dns?: (query: DnsQuery) => Promise<readonly string[]>;
  readonly tcp?: (query: TcpQuery) => Promise<string>;
  readonly command?: (query: CommandQuery) => Promise<CommandResult>;
  readonly sql?: (query: SqlQuery) => Promise<readonly Record<string, unknown>[]>;
}

export interface TlsQuery {
  readonly host: string;
  readonly port: number;
  /** The name to ask for and to verify. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** A server's certificate, and whether this machine trusts it. */
export interface Certificate {
  /** Why the chain or the name is not trusted. */
  readonly distrust?: string;
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and addresses that it is for. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly validTo: number;
  /** SHA-256 of the public key (SPKI) in base64. */
  readonly pin: string;
}

export interface DnsQuery {
  readonly host: string;
  readonly type: "A" | "AAAA" | "CNAME" | "TXT" | "MX" | "NS";
  /** `ip` or `ip:port`. */
  readonly server?: string;
  readonly signal: AbortSignal;
}

export interface TcpQuery {
  readonly host: string;
  readonly port: number;
  readonly send?: string;
  /** Wait for the first bytes and give them back. */
  readonly wantsReply: boolean;
  readonly signal: AbortSignal;
}

export interface CommandQuery {
  readonly command: readonly string[];
  readonly folder?: string;
  /** Bytes of each stream that are kept. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  /** `null` when a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SqlQuery {
  readonly database: string;
  readonly query: string;
  readonly signal: AbortSignal;
}

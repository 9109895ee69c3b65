import type { Redactor } from "@slipway/kernel";

/**
 * One connection to an environment's database. Calls made at the same time wait for each other; those made
 * inside {@link Database.transaction} belong to it, all others wait until it has ended.
 *
 * A statement that the server refuses rejects with the driver's error as it is (`code` is the SQLSTATE), for
 * `databaseError` to put into words. A lost connection rejects with a SlipwayError.
 */
export interface Database {
  /** One statement with parameters. `bigint` and `numeric` columns arrive as strings. */
  query<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Many statements in one message, so in one round trip. One that fails ends the message and any open transaction. */
  script(sql: string): Promise<void>;
  /** {@link Database.script}, and the rows of its last statement that gives any. */
  scriptRows<Row>(sql: string): Promise<Row[]>;
  /** Commits what `work` does, or rolls all of it back when it rejects. Isolation is always READ COMMITTED. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  end(): Promise<void>;
  /** Another connection to the same database, for work that must not wait for this one. */
  another?(options?: Omit<ConnectOptions, "redactor">): Promise<Database>;
  /** Whether a pooler is in between, which may give each transaction another session of the server. */
  pooled?(): Promise<boolean>;
  /**
   * Calls back for each notification on a channel, until the returned function is called. A hint only: a connection
   * that is lost brings no more of them, and says nothing about it.
   */
  listen?(channel: string, onNotice: (payload: string) => void): Promise<() => void>;
  /** What is written to the ledger goes through it; it knows this connection's password. */
  readonly redactor?: Redactor;
}

/** How to connect. */
export interface ConnectOptions {
  /** Shown by the server in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** How long the server may take to answer, in milliseconds; 10,000 unless told. */
  readonly timeoutMs?: number;
  /** Learns the connection's password, and is applied to what this connection writes to the ledger. */
  readonly redactor?: Redactor;
  /** True for a connection that does not keep the process alive. */
  readonly background?: boolean;
}

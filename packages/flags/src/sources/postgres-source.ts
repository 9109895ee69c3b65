import pg from "pg";
import type { FlagRevision } from "../document/flag-revision.ts";
import type { FlagAcknowledgement, FlagSource } from "../source/flag-source.ts";
import { FlagSourceError } from "../source/flag-source-error.ts";
import { readHint } from "./read-hint.ts";
import { reconnectMs } from "./reconnect-ms.ts";

/** Where the flags are, and how to reach them. */
export interface PostgresSourceOptions {
  /**
   * `postgres://…`, of a user with the role `slipway_flag_reader`. A function is asked at every connection, so that a
   * rotated password is picked up.
   */
  readonly url: string | (() => string | Promise<string>);
  /** False behind a pooler that shares connections between transactions: then there are no hints, only the poll. */
  readonly listen?: boolean;
  /** The longest wait before the next try to connect, in milliseconds: 5,000. */
  readonly backoffCapMs?: number;
  /** Shown by the server in `pg_stat_activity`. */
  readonly applicationName?: string;
}

const GOODBYE_MS = 1_000;

/**
 * Flags straight from Postgres, over one connection for questions and notifications alike: so the poll finds out when
 * the notifications are dead. It keeps no process alive, and is made anew whenever it is lost.
 *
 * @example
 * const flags = new FlagClient({ source: postgresSource({ url: process.env.DATABASE_URL }) });
 */
export function postgresSource(options: PostgresSourceOptions): FlagSource {
  return new PostgresSource(options);
}

class PostgresSource implements FlagSource {
  readonly name = "postgres";
  readonly #options: PostgresSourceOptions;
  readonly #listeners = new Set<(hint: FlagRevision | null) => void>();
  #connection: Promise<pg.Client> | null = null;
  readonly #turns = new WeakMap<pg.Client, Promise<void>>();
  #failures = 0;
  #timer: NodeJS.Timeout | null = null;
  #instance: string | null = null;
  #closed = false;

  constructor(options: PostgresSourceOptions) {
    this.#options = options;
  }

  fetchRevision(_since: FlagRevision | null, signal: AbortSignal): Promise<FlagRevision> {
    return this.#ask("slipway_api.flag_position()", [], signal);
  }

  fetchDocument(signal: AbortSignal): Promise<unknown> {
    return this.#ask("slipway_api.flag_document()", [], signal);
  }

  async acknowledge(acknowledgement: FlagAcknowledgement, signal: AbortSignal): Promise<void> {
    const { instance, epoch, revision, appliedMs } = acknowledgement;
    this.#instance = instance;
    await this.#ask(
      "slipway_api.acknowledge_flags($1, $2, $3, $4)",
      [instance, epoch, revision, appliedMs],
      signal,
    );
  }

  subscribe(onHint: (hint: FlagRevision | null) => void): () => void {
    if (this.#options.listen === false) return () => {};
    this.#listeners.add(onHint);
    this.#reconnectSoon(0);
    return () => {
      this.#listeners.delete(onHint);
      if (this.#listeners.size === 0 && this.#timer !== null) clearTimeout(this.#timer);
    };
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#listeners.clear();
    if (this.#instance !== null) {
      // Courtesy, so that nobody waits for this process; who could not say it counts as silent for a while. The
      // connection may be gone with a call that the closing gave up: then a new one says it.
      const goodbye = AbortSignal.timeout(GOODBYE_MS);
      await this.#ask("slipway_api.leave_flags($1)", [this.#instance], goodbye).catch(() => undefined);
    }
    this.#closed = true;
    const connection = this.#connection;
    this.#connection = null;
    connection?.then(destroy, () => undefined);
  }

  async #ask<Answer>(call: string, values: readonly unknown[], signal: AbortSignal): Promise<Answer> {
    let client: pg.Client | undefined;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const connection = this.#connect();
    const onAbort = () => {
      reject(new FlagSourceError("unreachable", "postgres: the call was given up", signal.reason));
      // A connection that does not answer is not asked again.
      this.#drop(connection);
      connection.then(destroy, () => undefined);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      client = await Promise.race([connection, aborted]);
      const asked = this.#inTurn(client, (at) => at.query(`select ${call} as answer`, [...values]));
      const { rows } = await Promise.race([asked, aborted]);
      this.#failures = 0;
      if (rows.length !== 1) throw new FlagSourceError("failed", "postgres: an empty answer");
      return rows[0].answer as Answer;
    } catch (error) {
      throw sourceError(error);
    } finally {
      signal.removeEventListener("abort", onAbort);
      aborted.catch(() => undefined);
    }
  }

  /** The driver takes one question at a time. */
  #inTurn<Answer>(client: pg.Client, ask: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
    const asked = (this.#turns.get(client) ?? Promise.resolve()).then(() => ask(client));
    this.#turns.set(
      client,
      asked.then(
        () => undefined,
        () => undefined,
      ),
    );
    return asked;
  }

  #connect(): Promise<pg.Client> {
    if (this.#closed) return Promise.reject(new FlagSourceError("unreachable", "postgres: closed"));
    if (this.#connection !== null) return this.#connection;
    const connection: Promise<pg.Client> = this.#open(() => this.#lost(connection));
    this.#connection = connection;
    connection.catch(() => this.#lost(connection));
    return connection;
  }

  async #open(onEnd: () => void): Promise<pg.Client> {
    const { url, applicationName = "slipway flags", listen = true } = this.#options;
    const connectionString = typeof url === "function" ? await url() : url;
    const client = newClient(connectionString, applicationName);
    // Without a listener an error of the idle connection would end the process; "end" follows it.
    client.on("error", () => undefined);
    client.on("end", onEnd);
    client.on("notification", ({ payload }) => this.#hint(readHint(payload)));
    unref(client);
    await client.connect();
    unref(client);
    if (listen) {
      await client.query("listen slipway_flags");
      // What happened before this moment was heard by nobody.
      this.#hint(null);
    }
    return client;
  }

  #drop(connection: Promise<pg.Client>): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    if (this.#listeners.size > 0)
      this.#reconnectSoon(reconnectMs(++this.#failures, this.#options.backoffCapMs));
  }

  #lost(connection: Promise<pg.Client>): void {
    const mine = this.#connection === connection;
    this.#drop(connection);
    // The poll looks at once, and with it whether the store is still there.
    if (mine && this.#failures === 1) this.#hint(null);
  }

  #reconnectSoon(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#closed) this.#connect().catch(() => undefined);
    }, ms);
    this.#timer.unref();
  }

  #hint(hint: FlagRevision | null): void {
    for (const listener of [...this.#listeners]) listener(hint);
  }
}

function newClient(connectionString: string, applicationName: string): pg.Client {
  try {
    return new pg.Client({ connectionString, application_name: applicationName, keepAlive: true });
  } catch {
    // The parser's error carries the whole URL with its password.
    throw new FlagSourceError("failed", "postgres: the URL cannot be read");
  }
}

// Missing in the driver's types.
function unref(client: pg.Client): void {
  (client as pg.Client & { unref(): void }).unref();
}

/** Without a goodbye: the server may not be there to hear it. */
function destroy(client: pg.Client): void {
  (client as pg.Client & { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

function sourceError(error: unknown): FlagSourceError {
  if (error instanceof FlagSourceError) return error;
  const { code = "", message } = error as Error & { code?: string };
  if (/^(28|42501|SW009)/.test(code)) return new FlagSourceError("denied", `postgres: ${message}`, error);
  if (/^(3F000|42883|42P01)$/.test(code)) {
    return new FlagSourceError(
      "failed",
      `postgres: this database has no flags of Slipway (${message})`,
      error,
    );
  }
  const answered = /^[0-9A-Z]{5}$/.test(code) && !/^(57P0|08|53300|25P03)/.test(code) && code !== "EPIPE";
  return new FlagSourceError(answered ? "failed" : "unreachable", `postgres: ${message || code}`, error);
}

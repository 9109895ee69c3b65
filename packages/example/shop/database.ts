import pg from "pg";
import { HttpError } from "./http-error.ts";

/** The shop's database, behind a small pool that comes back by itself after an outage. */
export interface Database {
  /** @throws {HttpError} 503 while the database is away or too slow. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  end(): Promise<void>;
}

const CONNECT_MS = 1_500;
const QUERY_MS = 2_500;

// Counts and ids fit a number; Postgres sends bigint as text to be safe.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens the pool. No connection is made before the first query, so that a service starts without its database. */
export function openDatabase(url: string, applicationName: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max: 5,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 10_000,
    query_timeout: QUERY_MS,
    statement_timeout: QUERY_MS,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on("error", (error) => console.error(`database connection lost: ${error.message}`));
  return {
    async query<Row>(sql: string, values: readonly unknown[] = []) {
      try {
        return (await pool.query(sql, [...values])).rows as Row[];
      } catch (error) {
        if (!isAway(error)) throw error;
        throw new HttpError(503, "the database does not answer");
      }
    },
    end: () => pool.end(),
  };
}

// Connection failures, shutdown and start-up of the server, too many connections, and a wait that took too long.
const AWAY = /^(?:08|57P0[1-5]|57014|53300|55P03|E[A-Z]{3,}$)/;

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string") return AWAY.test(error.code);
  return /terminated|timeout/i.test(error.message);
}

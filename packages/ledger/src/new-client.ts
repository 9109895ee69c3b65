import { SlipwayError } from "@slipway/kernel";
import pg from "pg";
import type { Endpoint } from "./unreachable.ts";

const KEEP_ALIVE_MS = 10_000;

/** A driver's client for a URL, not yet connected. */
export function newClient(url: string, timeoutMs: number, applicationName: string): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: timeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
  } catch {
    // The parser's error carries the whole URL with its password, so it is not kept as the cause.
    throw new SlipwayError("DATABASE_UNREACHABLE", {
      what: "Cannot connect to the database",
      why: "its URL cannot be read",
      todo: "Write it as postgres://user:password@host:5432/database, with special characters percent-encoded",
    });
  }
}

/** Where a client connects to, with what the URL left to the defaults. */
export function endpointOf({ host, port, database, user }: pg.Client): Endpoint {
  return { host, port, database: database ?? user ?? "", user: user ?? "" };
}

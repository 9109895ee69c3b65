import { SlipwayError } from "@slipway/kernel";
import { isPostgresError } from "./database-error.ts";

/** Where a connection goes. Never the URL, which holds the password. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** An endpoint for people: `"shop" at 127.0.0.1:5432`. */
export function describeEndpoint({ host, port, database }: Endpoint): string {
  return `"${database}" at ${host}:${port}`;
}

/** Puts a failed connection attempt into words: DATABASE_UNREACHABLE with the reason and what to do. */
export function unreachable(error: unknown, endpoint: Endpoint, timeoutMs: number): SlipwayError {
  const { why, todo } = reasonOf(error, endpoint, timeoutMs);
  return new SlipwayError("DATABASE_UNREACHABLE", {
    what: `Cannot connect to database ${describeEndpoint(endpoint)}`,
    why,
    ...(todo === undefined ? {} : { todo }),
    cause: error,
  });
}

function reasonOf(error: unknown, endpoint: Endpoint, timeoutMs: number): { why: string; todo?: string } {
  const { host, port, database, user } = endpoint;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  if (isPostgresError(error)) return { why: error.message, ...adviceFor(error.code, database, user) };
  switch (code) {
    case "ECONNREFUSED":
    case "ENOENT":
      return { why: "nothing listens there" };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        why: `the name ${host} cannot be resolved`,
        todo: "Correct the host in the database's URL, or check the network",
      };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return { why: `${host} cannot be reached (${code})`, todo: "Check the network, VPN and firewall" };
  }
  if (/timeout/i.test(message)) {
    return {
      why: `no answer within ${timeoutMs} ms`,
      todo: `Check that ${host}:${port} is a Postgres server, and the network to it`,
    };
  }
  if (/SSL|TLS|certificate/i.test(`${code} ${message}`)) {
    return { why: message, todo: "Correct sslmode or sslrootcert in the database's URL" };
  }
  if (/password must be a string/i.test(message)) {
    return {
      why: `the server asks ${user} for a password and the URL has none`,
      todo: "Put the password into the database's URL",
    };
  }
  return { why: message === "" ? code : message };
}

function adviceFor(state: string, database: string, user: string): { todo?: string } {
  if (state.startsWith("28")) return { todo: `Correct user "${user}" or its password in the database's URL` };
  if (state === "3D000") return { todo: `Create the database: createdb ${database}` };
  if (state === "53300") return { todo: "Close connections, or raise max_connections" };
  if (state === "57P03") return { todo: "Wait until the server has started, then run again" };
  return {};
}

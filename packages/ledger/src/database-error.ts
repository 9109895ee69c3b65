import { type ErrorCode, SlipwayError } from "@slipway/kernel";

/** The parts of the driver's error that are used; `code` is the SQLSTATE. */
export interface PostgresError extends Error {
  readonly code: string;
  readonly detail?: string;
}

/** Whether an error is an answer of the server, and not of the network or of a program. */
export function isPostgresError(error: unknown): error is PostgresError {
  return error instanceof Error && "code" in error && "severity" in error && typeof error.code === "string";
}

/** Whether an error says that the connection is gone: what was running may have happened or not. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isPostgresError(error)) return /^(57P0[1-5]|25P03|08)/.test(error.code);
  const code = "code" in error ? String(error.code) : "";
  return (
    /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENETRESET)$/.test(code) ||
    /^(Connection terminated|Client (has|was) )/.test(error.message)
  );
}

// SQLSTATEs of the ledger's own functions, and what they mean to people.
const ledgerStates: Readonly<Record<string, ErrorCode>> = {
  SW001: "LEASE_LOST",
  SW004: "RUN_NOT_OPEN",
  SW005: "FLAG_CONFLICT",
  SW006: "FLAG_KILLED",
  SW007: "FLAG_INVALID",
  SW008: "FLAG_UNKNOWN",
  SW009: "FLAG_DENIED",
  SW010: "LEASE_HELD",
};

/**
 * Puts an error of the database into words. SlipwayErrors and errors that are not the database's (a bug, an
 * abort) come back unchanged.
 *
 * @param what what failed, as a sentence without a full stop: `Cannot open the run`.
 * @example
 * try { await db.script(sql); } catch (error) { throw databaseError(error, "Cannot apply migration \"7_x\""); }
 */
export function databaseError(error: unknown, what: string): unknown {
  if (!isPostgresError(error)) return error;
  const own = ledgerStates[error.code];
  if (own !== undefined) {
    return new SlipwayError(own, { what, why: error.detail || error.message, cause: error });
  }
  if (error.code.startsWith("SW")) {
    const detail = error.detail === undefined ? "" : `: ${error.detail}`;
    return new SlipwayError("DATABASE_FAILED", { what, why: `${error.message}${detail}`, cause: error });
  }
  const todo = advice(error.code);
  return new SlipwayError("DATABASE_FAILED", {
    what,
    // The detail may hold values of rows, which belong into no log.
    why: `${error.message} (SQLSTATE ${error.code})`,
    ...(todo === undefined ? {} : { todo }),
    cause: error,
  });
}

function advice(code: string): string | undefined {
  switch (code) {
    case "53100":
      return "Free disk space on the database server, then run again";
    case "25006":
      return "Connect to the primary: this server is a replica, or is set to read-only";
    case "42501":
      return "Connect as the owner of the database";
    case "55P03":
      return "Another transaction holds what is needed: find it in pg_stat_activity, end it, then run again";
    case "53300":
      return "Close connections, or raise max_connections";
    default:
      return undefined;
  }
}

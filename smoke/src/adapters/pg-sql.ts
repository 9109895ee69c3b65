import { CheckFailure } from "../engine/check-failure.ts";
import { networkFailure } from "../engine/network-failure.ts";
import type { SqlQuery } from "../engine/ports.ts";

const int8 = 20;
const numeric = 1700;
/** "The database is starting up", and being out of connections: another attempt may mend them. */
const unavailableStates = new Set(["57P03", "53300"]);

/**
 * Runs one statement in a read-only transaction, which is rolled back. The extended protocol takes no
 * second statement, so a query cannot end the transaction and go on writing.
 */
export async function queryReadOnly({
  database,
  query,
  signal,
}: SqlQuery): Promise<Record<string, unknown>[]> {
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    throw new CheckFailure("configuration", "sql checks need the npm package pg beside @slipway/smoke", {
      cause,
    });
  });
  const types = {
    getTypeParser: (oid: number, format?: "text" | "binary") =>
      oid === int8 || oid === numeric ? exactNumber : pg.types.getTypeParser(oid, format as "text"),
  };
  const client = new pg.Client({ connectionString: database, application_name: "slipway-smoke", types });
  // A connection that breaks while it is idle must not become an uncaught error.
  client.on("error", () => undefined);
  const onAbort = () => void client.end().catch(() => undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await client.connect();
    await client.query("begin transaction read only");
    await client.query("set local statement_timeout = '30s'");
    const extended = { text: query, queryMode: "extended" };
    const { rows } = await client.query<Record<string, unknown>>(extended);
    await client.query("rollback");
    return JSON.parse(JSON.stringify(rows)) as Record<string, unknown>[];
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw sqlFailure(database, error);
  } finally {
    signal.removeEventListener("abort", onAbort);
    await client.end();
  }
}

/** Large numbers come as text; those that a number can hold become one. */
function exactNumber(text: string): number | string {
  const number = Number(text);
  return String(number) === text ? number : text;
}

function sqlFailure(database: string, error: unknown): CheckFailure {
  const state = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!/^[0-9A-Z]{5}$/.test(state)) return networkFailure(database, error);
  const message = `${state}: ${(error as Error).message}`;
  return new CheckFailure(unavailableStates.has(state) ? "unavailable" : "assertion", message, {
    cause: error,
  });
}

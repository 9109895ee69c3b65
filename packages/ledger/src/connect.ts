import { AsyncLocalStorage } from "node:async_hooks";
import { createRedactor, SlipwayError } from "@slipway/kernel";
import type pg from "pg";
import type { ConnectOptions, Database } from "./database.ts";
import { isConnectionLoss } from "./database-error.ts";
import { endpointOf, newClient } from "./new-client.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { describeEndpoint, unreachable } from "./unreachable.ts";

const TIMEOUT_MS = 10_000;

/**
 * Connects to a database.
 *
 * @throws {SlipwayError} DATABASE_UNREACHABLE, with the reason; neither message nor cause holds the password.
 * @example
 * const db = await connect(url, { applicationName: "slipway production" });
 * const [row] = await db.query<{ now: Date }>("select now()");
 * await db.end();
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Database> {
  const { timeoutMs = TIMEOUT_MS, applicationName = "slipway", redactor = createRedactor() } = options;
  const client = newClient(url, timeoutMs, applicationName);
  // The driver says null, whatever its types say, when the URL has none.
  redactor.add(client.password ?? undefined);
  let broken: Error | undefined;
  // Without a listener an error of the idle connection would end the process.
  client.on("error", (error) => {
    broken ??= error;
  });
  try {
    await client.connect();
  } catch (error) {
    throw unreachable(error, endpointOf(client), timeoutMs);
  }
  // Missing in the driver's types.
  if (options.background) (client as pg.Client & { unref(): void }).unref();

  const inTurn = oneAtATime();
  const scope = new AsyncLocalStorage<symbol>();
  let open: { readonly id: symbol; readonly ended: Promise<void> } | undefined;
  const inside = () => open !== undefined && scope.getStore() === open.id;
  // Awaited in a loop where it is used: between the last look and what follows there must be no await, or two
  // transactions that wait for a third would both begin.
  const othersEnd = () => (open === undefined || inside() ? undefined : open.ended);

  async function send(statement: string | pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      return await inTurn(() => client.query(statement));
    } catch (error) {
      if (broken === undefined && !isConnectionLoss(error)) throw error;
      throw connectionLost(broken ?? error, client);
    }
  }

  async function sendScript(sql: string): Promise<pg.QueryResult> {
    for (let end = othersEnd(); end !== undefined; end = othersEnd()) await end;
    try {
      return await send(sql);
    } catch (error) {
      // A `begin` of the message itself: the connection is not left in a failed transaction. Whether it is
      // in one is not known yet, and where it is not, a rollback does nothing.
      if (!inside()) await rollback();
      throw error;
    }
  }

  async function rollback(): Promise<void> {
    // Where it does not get through the connection is gone, and the server rolls back by itself.
    await send("rollback").catch(() => undefined);
  }

  return {
    redactor,
    another: (other) => connect(url, { ...options, ...other, redactor }),
    async query<Row>(sql: string, params: readonly unknown[] = []) {
      for (let end = othersEnd(); end !== undefined; end = othersEnd()) await end;
      const statement = { text: sql, values: [...params], queryMode: "extended" };
      return (await send(statement)).rows as Row[];
    },
    async script(sql) {
      await sendScript(sql);
    },
    async scriptRows<Row>(sql: string) {
      // The driver gives a list for a message of several statements, whatever its types say.
      const results = [await sendScript(sql)].flat() as pg.QueryResult[];
      return (results.findLast(({ fields }) => fields.length > 0)?.rows ?? []) as Row[];
    },
    async transaction(work) {
      if (inside()) throw new Error("transaction() was called inside transaction()");
      for (let end = othersEnd(); end !== undefined; end = othersEnd()) await end;
      const { promise: ended, resolve: finish } = Promise.withResolvers<void>();
      const id = Symbol("transaction");
      open = { id, ended };
      try {
        // Locks that are waited for are worth nothing when what follows sees the time before the wait.
        await send("begin isolation level read committed");
        const result = await scope.run(id, work);
        if ((await send("commit")).command === "COMMIT") return result;
        throw new SlipwayError("DATABASE_FAILED", {
          what: "Cannot commit the transaction",
          why: "one of its statements failed, so the server rolled it back",
        });
      } catch (error) {
        await rollback();
        throw error;
      } finally {
        open = undefined;
        finish();
      }
    },
    async pooled() {
      for (let end = othersEnd(); end !== undefined; end = othersEnd()) await end;
      const { rows } = await send("select pg_backend_pid() as pid");
      // Missing in the driver's types. A pooler answers the start of a connection itself, with a number of its own.
      return rows[0]?.pid !== (client as pg.Client & { readonly processID: number | null }).processID;
    },
    async listen(channel, onNotice) {
      const hear = (notice: pg.Notification) => {
        if (notice.channel === channel) onNotice(notice.payload ?? "");
      };
      client.on("notification", hear);
      await send(`listen ${client.escapeIdentifier(channel)}`);
      return () => void client.off("notification", hear);
    },
    async end() {
      // A connection that is gone already has nothing left to end.
      await client.end().catch(() => undefined);
    },
  };
}

function connectionLost(error: unknown, client: pg.Client): SlipwayError {
  return new SlipwayError("DATABASE_FAILED", {
    what: `Lost the connection to database ${describeEndpoint(endpointOf(client))}`,
    why: error instanceof Error ? error.message : String(error),
    todo: "See that the database runs, then run again: it goes on from what was committed",
    cause: error,
  });
}

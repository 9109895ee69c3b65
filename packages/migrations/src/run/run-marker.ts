import { randomUUID } from "node:crypto";
import { SlipwayError } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";

/** The name under which the statements of one run of migrations are found in `pg_stat_activity`. */
export function runMarker(token: number): string {
  return `slipway ${token} ${randomUUID()}`;
}

/** A statement that says itself whose it is, for poolers that do not hand a session's settings on. */
export function marked(text: string, marker: string): string {
  return `${text}\n/* ${marker} */`;
}

/** SQL: whether a row of `pg_stat_activity`, as `a`, runs something under the marker that is its first parameter. */
export const RUNS_MARKED =
  "(a.application_name = $1 or a.state = 'active' and strpos(a.query, '/* ' || $1 || ' */') > 0)";

const GONE_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

/**
 * Ends what runs of earlier leases still have at work in the server: a client that was killed leaves its statement
 * running there, and an index that comes to be after it was looked for would be nobody's. For work outside of
 * transactions; a transaction of an earlier lease is kept off by the fence.
 *
 * @throws {SlipwayError} DATABASE_FAILED when one of them cannot be ended.
 */
export async function endOrphans(db: Database, token: number): Promise<void> {
  const deadline = Date.now() + GONE_WITHIN_MS;
  for (;;) {
    const orphans = await db.query<{ pid: number; role: string }>(
      `select a.pid, a.usename as role from pg_stat_activity a
       where a.datname = current_database() and a.pid <> pg_backend_pid() and a.state is distinct from 'idle'
         and coalesce(substring(a.application_name from '^slipway (\\d{1,18}) '),
           substring(a.query from '/\\* slipway (\\d{1,18}) [^*]*\\*/$'))::bigint < $1`,
      [token],
    );
    if (orphans.length === 0) return;
    for (const { pid, role } of orphans) {
      const refused = await db.query("select pg_terminate_backend($1)", [pid]).then(
        () => (Date.now() > deadline ? "it was told to end and has not" : null),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (refused === null) continue;
      throw new SlipwayError("DATABASE_FAILED", {
        what: "Cannot go on while a statement of an earlier run is at work in the server",
        why: `pid ${pid} of role ${role}: ${refused}`,
        todo: `Run as a role that may: select pg_terminate_backend(${pid}), then run again`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

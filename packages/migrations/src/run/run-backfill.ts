import { type Clock, isSlipwayError, SlipwayError, sha256 } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import type { Execution } from "../sql/execution-of.ts";
import { backfillPace } from "./backfill-pace.ts";
import { type BackfillTable, type KeyRange, lookUpBackfill, nextRange } from "./backfill-table.ts";
import { recordStart } from "./record-start.ts";
import { replicaLag, untilReplicasFollow } from "./replica-lag.ts";
import { actorFor, type BackfillRows, type RunContext } from "./run-context.ts";
import { StatementError } from "./statement-error.ts";
import { callOf, epilogue, type MessageContext, prologue, type WorkUnit } from "./work-unit.ts";

/** On whose behalf a backfill runs, and who hears of it. */
export interface BackfillContext extends Pick<RunContext, "token" | "run" | "actor" | "signal"> {
  readonly clock: Clock;
  /** Told about once a second, and for each wait. */
  readonly onChunk: (text: string, rows: BackfillRows) => void;
}

/** How far the ledger says that it has come. */
interface Cursor {
  readonly doneTo: string | null;
  readonly last: string | null;
  readonly rowsDone: number;
  readonly rowsTotal: number;
}

const TELL_EVERY_MS = 1_000;

// Everybody may read pg_locks; the sessions of others only with a right of its own.
const WAITERS = `select count(distinct l.pid)::int from pg_locks l
  where not l.granted and pg_backend_pid() = any (pg_blocking_pids(l.pid))`;

/**
 * Runs a backfill: chunk by chunk in the order of the keys, each one transaction that also moves the cursor in the
 * ledger. So a chunk is done once, whenever client or server are killed, and the next run goes on after the last one. It
 * goes up to the largest key that there was when it began: newer rows are written by an app or a trigger that knows
 * the column. Between chunks it waits for replicas that are behind, and makes way for others
 * that wait for its locks.
 *
 * @throws {StatementError} when the server refuses the statement; the chunks before stay.
 * @throws {SlipwayError} SCHEMA_CHECKSUM_CHANGED when another text of it is half done.
 */
export async function runBackfill(
  db: Database,
  unit: WorkUnit,
  { backfill, statement }: Extract<Execution, { mode: "backfill" }>,
  message: MessageContext,
  context: BackfillContext,
): Promise<void> {
  const { clock, signal, token } = context;
  await recordStart(db, unit, context);
  const table = await lookUpBackfill(db, backfill);
  let cursor = await begin(db, unit, table, token);
  const lag = replicaLag(db, clock);
  const pace = backfillPace(backfill);
  const tell = teller(unit.id, cursor.rowsDone, context);
  let lookedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal?.throwIfAborted();
    if (clock.now() - lookedAt >= TELL_EVERY_MS) {
      await untilReplicasFollow(lag, {
        clock,
        signal,
        longestMs: message.limits.replicaLagMs,
        onWait: (text) => tell(cursor, `waits: ${text}`),
      });
      lookedAt = clock.now();
    }
    const began = clock.now();
    const done = await runChunk(db, unit, { table, size: pace.size, statement, cursor, message, context });
    if (done === null) return;
    cursor = { ...cursor, doneTo: done.to, rowsDone: cursor.rowsDone + done.rows };
    const { pauseMs, note } = pace.after({ ...done, tookMs: clock.now() - began });
    tell(cursor, note === null ? undefined : `makes way: ${note}`);
    if (pauseMs > 0) await clock.sleep(pauseMs, signal);
  }
}

async function begin(db: Database, unit: WorkUnit, table: BackfillTable, token: number): Promise<Cursor> {
  const sha = sha256(unit.source.text);
  const [row] = await db.query<{
    sha: string;
    done_to: string | null;
    last: string | null;
    done: string;
    total: string;
  }>(
    `select up_sha256 as sha, done_to, last, rows_done::text as done, rows_total::text as total
     from slipway.begin_backfill($1, $2, $3, $4, $5)`,
    [token, unit.id, sha, table.last, table.rows],
  );
  if (row === undefined) throw new Error("slipway.begin_backfill() gave no row");
  if (row.sha !== sha) {
    throw new SlipwayError("SCHEMA_CHECKSUM_CHANGED", {
      what: `Cannot go on with backfill "${unit.id}"`,
      why: `it is half done with another text (checksum ${row.sha.slice(0, 12)}…)`,
      todo: "Pin the release that began it, or one without it, which takes back what was done",
    });
  }
  return { doneTo: row.done_to, last: row.last, rowsDone: Number(row.done), rowsTotal: Number(row.total) };
}

interface Chunk extends Pick<Extract<Execution, { mode: "backfill" }>, "statement"> {
  readonly size: number;
  readonly table: BackfillTable;
  readonly cursor: Cursor;
  readonly message: MessageContext;
  readonly context: BackfillContext;
}

/** Does the next chunk; where there is none, records the migration and gives null. */
function runChunk(
  db: Database,
  unit: WorkUnit,
  chunk: Chunk,
): Promise<(KeyRange & { readonly waiters: number }) | null> {
  const { table, size, statement, cursor, message, context } = chunk;
  return db.transaction(async () => {
    await db.script(prologue(message));
    const { doneTo, last } = cursor;
    const range = last === null ? null : await nextRange(db, table, { after: doneTo, last, chunk: size });
    if (range === null) {
      const { token, run } = context;
      const finish = callOf("slipway.finish_backfill", [token, run, actorFor(db, context), unit.id]);
      await db.script(epilogue({ record: `${finish};\n${unit.record}` }).slice(1));
      return null;
    }
    await db.query(statement.text, [range.from, range.to]).catch((error: unknown) => {
      throw isSlipwayError(error) ? error : new StatementError(error, statement.start);
    });
    const [waiting] = await db.query<{ waiters: number }>(
      `select slipway.advance_backfill($1, $2, $3, $4, $5), (${WAITERS}) as waiters`,
      [context.token, unit.id, doneTo, range.to, range.rows],
    );
    return { ...range, waiters: waiting?.waiters ?? 0 };
  });
}

function teller(id: string, before: number, { clock, onChunk }: BackfillContext) {
  const start = clock.now();
  let toldAt = start;
  return (cursor: Cursor, wait?: string) => {
    const now = clock.now();
    if (wait === undefined && now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    const done = cursor.rowsDone;
    const total = Math.max(cursor.rowsTotal, done);
    const perSecond = Math.round(((done - before) * 1000) / Math.max(1, now - start));
    const secondsLeft = perSecond === 0 ? 0 : Math.ceil((total - done) / perSecond);
    const rows = { done, total, perSecond, secondsLeft };
    onChunk(wait === undefined ? describeRows(id, rows) : `backfill of ${id} ${wait}`, rows);
  };
}

/** How far a backfill has come, for people. */
export function describeRows(id: string, { done, total, perSecond, secondsLeft }: BackfillRows): string {
  const number = (value: number) => value.toLocaleString("en");
  const percent = total === 0 ? 100 : Math.floor((done * 100) / total);
  return `backfilling ${id}: ${number(done)} of about ${number(total)} rows (${percent} %), ${number(perSecond)} rows/s, about ${number(secondsLeft)} s left`;
}

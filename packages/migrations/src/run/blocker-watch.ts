import type { Database } from "@slipway/ledger";
import { RUNS_MARKED } from "./run-marker.ts";

/** A session whose lock a migration waits for. */
export interface Blocker {
  readonly pid: number;
  readonly application: string;
  readonly user: string | null;
  /** For how long its present, or its last, query runs, in seconds; null where the server does not tell. */
  readonly seconds: number | null;
  readonly state: string | null;
}

/** Looks, from a connection of its own, at who keeps a migration waiting. */
export interface BlockerWatch {
  /** Runs work and looks from time to time while it lasts. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Those seen last; empty when nobody was, or nobody could look. */
  seen(): readonly Blocker[];
  forget(): void;
  end(): Promise<void>;
}

const LOOK = `
  select b.pid, b.application_name as application, b.usename as user, b.state,
    extract(epoch from clock_timestamp() - b.query_start)::int as seconds
  from pg_stat_activity a cross join lateral unnest(pg_blocking_pids(a.pid)) as p (pid)
  join pg_stat_activity b on b.pid = p.pid
  where ${RUNS_MARKED} and a.wait_event_type = 'Lock' order by b.query_start`;

/**
 * Prepares to look for blockers of what runs under an application name. The second connection is opened only when work
 * takes longer than `everyMs`; where none is to be had, nobody is seen and nothing else changes.
 *
 * @param everyMs time between two looks.
 */
export function blockerWatch(
  db: Pick<Database, "another">,
  { marker, everyMs }: { readonly marker: string; readonly everyMs: number },
): BlockerWatch {
  let seen: readonly Blocker[] = [];
  let eye: Promise<Database | null> | undefined;
  const look = async () => {
    eye ??= db.another?.({ background: true }).catch(() => null) ?? Promise.resolve(null);
    const rows = await (await eye)?.query<Blocker>(LOOK, [marker]).catch(() => []);
    if (rows !== undefined && rows.length > 0) seen = rows;
  };
  return {
    async during(work) {
      let timer: NodeJS.Timeout | undefined;
      let looking: Promise<void> | undefined;
      let over = false;
      const next = () => {
        timer = setTimeout(() => {
          looking = look().then(() => {
            if (!over) next();
          });
        }, everyMs);
      };
      next();
      try {
        return await work();
      } finally {
        over = true;
        clearTimeout(timer);
        await looking;
      }
    },
    seen: () => seen,
    forget() {
      seen = [];
    },
    async end() {
      await (await eye)?.end();
    },
  };
}

/**
 * Blockers for people; null when there are none.
 *
 * @example
 * describeBlockers([blocker]); // 'held by pid 4242 "reports" (ana), whose query runs for 192 s'
 */
export function describeBlockers(blockers: readonly Blocker[]): string | null {
  if (blockers.length === 0) return null;
  const shown = blockers.slice(0, 3).map(describeBlocker);
  const more = blockers.length > shown.length ? `, and ${blockers.length - shown.length} more` : "";
  return `held by ${shown.join("; by ")}${more}`;
}

function describeBlocker({ pid, application, user, seconds, state }: Blocker): string {
  const who = `pid ${pid} "${application}"${user === null ? "" : ` (${user})`}`;
  if (seconds === null) return who;
  return state?.startsWith("idle in transaction")
    ? `${who}, idle in a transaction for ${seconds} s`
    : `${who}, whose query runs for ${seconds} s`;
}

import type { Clock, Random } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";
import type { SupabaseHistory } from "../supabase/supabase-history.ts";
import type { Blocker } from "./blocker-watch.ts";

/** Where a migration is, told while it happens. */
export interface MigrationProgress {
  readonly id: string;
  readonly state: "done" | "waiting for a lock" | "put back" | "backfilling";
  /** From 1. */
  readonly position: number;
  readonly total: number;
  /** While it waits: how often it tried, and who was seen holding the lock. */
  readonly tries?: number;
  readonly blockers?: readonly Blocker[];
  /** While it backfills. */
  readonly rows?: BackfillRows;
}

/** How far a backfill has come. */
export interface BackfillRows {
  readonly done: number;
  /** About how many there are in all: counted when it began, or the planner's estimate. */
  readonly total: number;
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/** How long things may take, in milliseconds. */
export interface RunLimits {
  /** How long one try waits for a lock, and so how long it makes others queue behind it; 2,000 unless told. */
  readonly lockTimeoutMs: number;
  /** How long one migration keeps trying to get its locks; 60,000 unless told. */
  readonly lockDeadlineMs: number;
  /** How long one statement may run; 0, the default, is without limit. */
  readonly statementTimeoutMs: number;
  /** How far a replica may be behind before a backfill waits for it; 10,000 unless told. */
  readonly replicaLagMs: number;
}

/** On whose behalf, and how, migrations are run. */
export interface RunContext {
  /** The fencing token of the held lease. */
  readonly token: number;
  /** The open run's id. */
  readonly run: number | null;
  readonly actor: string;
  /** Stops between migrations, and cancels the statement that is running. */
  readonly signal?: AbortSignal;
  /** Called for each migration that is done and for each wait: a sentence for people, and the same as data. */
  readonly onProgress?: (message: string, progress: MigrationProgress) => void;
  readonly limits?: Partial<RunLimits>;
  /** The Supabase CLI's history, where it is kept up in the same transactions. */
  readonly supabase?: SupabaseHistory | null;
  /** Tests bring their own. */
  readonly clock?: Clock;
  readonly random?: Random;
}

const defaults: RunLimits = {
  lockTimeoutMs: 2_000,
  lockDeadlineMs: 60_000,
  statementTimeoutMs: 0,
  replicaLagMs: 10_000,
};

/** The limits of a run, with what was not said filled in. */
export function limitsOf({ limits }: Pick<RunContext, "limits">): RunLimits {
  const all = { ...defaults, ...limits };
  for (const [name, value] of Object.entries(all)) {
    if (!Number.isInteger(value) || value < 0)
      throw new RangeError(`${name} must be an integer >= 0: it is ${value}`);
  }
  return all;
}

/** The actor as the ledger may keep it: a connection knows which secrets to mask. */
export function actorFor(db: Database, { actor }: Pick<RunContext, "actor">): string {
  return db.redactor?.redact(actor) ?? actor;
}

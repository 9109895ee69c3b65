import { call } from "./call.ts";
import type { Database } from "./database.ts";
import type { Outcome, Run, Stage } from "./ledger-snapshot.ts";
import { recordableOptional, recordableText } from "./recordable.ts";

/** A run to be opened. */
export interface RunRequest {
  /** The lease's fencing token. */
  readonly token: number;
  readonly attempt: number;
  readonly release: string;
  readonly digest: string;
  readonly fromRelease: string | null;
  readonly direction: Run["direction"];
  readonly actor: string;
  readonly reason: string | null;
}

/**
 * Opens a run and writes the release that it wants, in one transaction and one round trip. Runs that were
 * left without an end get `run.killed` in the audit first, once.
 *
 * @returns the run's number.
 * @throws {SlipwayError} LEASE_LOST.
 */
export async function openRun(db: Database, run: RunRequest): Promise<number> {
  const { token, attempt, release, digest, fromRelease, direction, actor, reason } = run;
  const [row] = await call<{ id: string }>(
    db,
    `Cannot open the run to release "${release}"`,
    "select slipway.open_run($1, $2, $3, $4, $5, $6, $7, $8) as id",
    [
      token,
      recordableText(db, actor),
      attempt,
      release,
      digest,
      fromRelease,
      direction,
      recordableOptional(db, reason),
    ],
  );
  return Number(row?.id);
}

/**
 * Writes how far a run has come. Stages only go forward: one that is passed already changes nothing.
 *
 * @throws {SlipwayError} LEASE_LOST, RUN_NOT_OPEN.
 */
export async function advanceRun(
  db: Database,
  { token, run, stage }: { readonly token: number; readonly run: number; readonly stage: Stage },
): Promise<void> {
  await call(db, `Cannot bring run ${run} to stage "${stage}"`, "select slipway.advance_run($1, $2, $3)", [
    token,
    run,
    stage,
  ]);
}

/** The end of a run. */
export interface RunEnd {
  readonly token: number;
  readonly run: number;
  readonly outcome: Outcome;
  /** What went wrong, for a run that did not pass. */
  readonly error?: string | null;
}

/**
 * Ends a run.
 *
 * @throws {SlipwayError} LEASE_LOST, RUN_NOT_OPEN.
 */
export async function finishRun(db: Database, { token, run, outcome, error = null }: RunEnd): Promise<void> {
  await call(db, `Cannot end run ${run} as ${outcome}`, "select slipway.finish_run($1, $2, $3, $4)", [
    token,
    run,
    outcome,
    recordableOptional(db, error),
  ]);
}

/** A run as it looks now: one without an end whose lease is gone was killed. */
export type RunView = Omit<Run, "outcome"> & { readonly outcome: Outcome | "killed" | null };

/** The newest runs, newest first. */
export async function history(db: Database, limit: number): Promise<RunView[]> {
  const rows = await call<{ run: RunView }>(db, "Cannot read the runs", "select slipway.history($1) as run", [
    limit,
  ]);
  return rows.map(({ run }) => run);
}

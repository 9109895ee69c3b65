import { type OpenEnvironment, pinnedManifest, planRun } from "@slipway/environment";
import { isSlipwayError } from "@slipway/kernel";
import { history } from "@slipway/ledger";

/** A release that the environment can go back to. */
export interface RollbackTarget {
  readonly version: string;
  /** When it last passed here. */
  readonly verifiedAt: string;
  readonly current: boolean;
  /** Migrations whose rollback SQL would run, newest first. */
  readonly undo: readonly string[];
  /** Undone ones whose rollback may lose data: the run refuses, or saves it first. */
  readonly lossy: readonly string[];
  /** Why it cannot be reached, if it cannot. */
  readonly problem: string | null;
}

const RUNS = 200;

/** The releases that passed here, newest run first, with what going back to each would undo. */
export async function rollbackTargets(environment: OpenEnvironment): Promise<RollbackTarget[]> {
  const db = await environment.database();
  const observation = await environment.observe();
  if (db === null || observation.ledger.version === 0) return [];
  const kinds = new Map(observation.ledger.applied.map(({ id, kind }) => [id, kind]));
  const targets: RollbackTarget[] = [];
  for (const run of await history(db, RUNS)) {
    if (run.outcome !== "verified" || targets.some(({ version }) => version === run.release)) continue;
    const current = run.release === observation.ledger.wanted?.release;
    const found = { version: run.release, verifiedAt: run.endedAt ?? run.openedAt, current };
    try {
      const manifest = await pinnedManifest(environment, run.release);
      const { schema } = planRun({ manifest, settings: environment.settings, observation });
      const undo = [...schema.undo.contract, ...schema.undo.expand];
      const lossy = undo.filter((id) => kinds.get(id) === "lossy");
      const stuck = undo.some((id) => kinds.get(id) === "irreversible");
      targets.push({ ...found, undo, lossy, problem: stuck ? "ROLLBACK_IRREVERSIBLE" : null });
    } catch (error) {
      if (!isSlipwayError(error)) throw error;
      targets.push({ ...found, undo: [], lossy: [], problem: error.code });
    }
  }
  return targets;
}

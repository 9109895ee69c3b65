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
  /** Why it cannot be reached, if it cannot. */
  readonly problem: string | null;
}

const RUNS = 200;

/** The releases that passed here, newest run first, with what going back to each would undo. */
export async function rollbackTargets(environment: OpenEnvironment): Promise<RollbackTarget[]> {
  const db = await environment.database();
  const observation = await environment.observe();
  if (db === null || observation.ledger.version === 0) return [];
  const targets: RollbackTarget[] = [];
  for (const run of await history(db, RUNS)) {
    if (run.outcome !== "verified" || targets.some(({ version }) => version === run.release)) continue;
    const current = run.release === observation.ledger.wanted?.release;
    const found = { version: run.release, verifiedAt: run.endedAt ?? run.openedAt, current };
    try {
      const manifest = await pinnedManifest(environment, run.release);
      const { schema } = planRun({ manifest, settings: environment.settings, observation });
      targets.push({ ...found, undo: [...schema.undo.contract, ...schema.undo.expand], problem: null });
    } catch (error) {
      if (!isSlipwayError(error)) throw error;
      targets.push({ ...found, undo: [], problem: error.code });
    }
  }
  return targets;
}

import { compareHistory, describeHistory, describeLoss, estimateLoss } from "@slipway/migrations";
import type { OpenEnvironment } from "./open-environment.ts";
import type { RunPlan } from "./plan.ts";

/**
 * What people should know of a plan before it runs, though nothing in it is refused: data that a permitted
 * rollback drops, instances that died, a run that ended without a word. Looks, and changes nothing.
 */
export async function planWarnings(environment: OpenEnvironment, plan: RunPlan): Promise<string[]> {
  const { ledger, instances } = await environment.observe();
  const dead = instances.filter(({ alive }) => !alive).map(({ id }) => `${id} died since it was started`);
  const { run } = ledger;
  const silent = run !== null && run.outcome === null && ledger.lease?.live !== true;
  const killed = silent
    ? [`run ${run.id} (${run.release}) ended without a word at its stage "${run.stage}"`]
    : [];
  const history = await historyWarnings(environment);
  return [...(await permittedLosses(environment, plan)), ...dead, ...killed, ...history];
}

/** What the Supabase CLI's history says otherwise than the ledger, with what to do about it. */
export async function historyWarnings(environment: OpenEnvironment): Promise<string[]> {
  if (environment.settings.supabaseHistory === "never") return [];
  const db = await environment.database();
  if (db === null) return [];
  const { applied } = (await environment.observe()).ledger;
  const differences = await compareHistory(
    db,
    applied.map(({ id }) => id),
  );
  return differences === null ? [] : describeHistory(differences);
}

async function permittedLosses(environment: OpenEnvironment, plan: RunPlan): Promise<string[]> {
  const ids = [...plan.schema.undo.contract, ...plan.schema.undo.expand];
  const permitted = ids.filter((id) => environment.settings.allowDataLoss.includes(id));
  const db = await environment.database();
  if (db === null || permitted.length === 0) return [];
  const estimates = await estimateLoss(db, permitted);
  return estimates
    .filter(({ items }) => items.length > 0)
    .map(
      ({ id, items }) =>
        `undoing ${id} loses ${items.map(describeLoss).join("; ")}; it is saved to slipway_saved first`,
    );
}

import type { Database } from "@slipway/ledger";
import { estimateLoss } from "./estimate-loss.ts";
import { type Instead, type LossEstimate, refuseLoss } from "./loss-estimate.ts";

/**
 * Asks, without changing anything, whether applied migrations may be undone; for previews.
 *
 * @param ids applied migrations, newest first.
 * @param options.allowLoss ids whose rollback may lose data.
 * @param options.instead what a refusal names to turn off, where there is no way back.
 * @returns what each would cost.
 * @throws {SlipwayError} ROLLBACK_IRREVERSIBLE, ROLLBACK_LOSES_DATA (with the estimate in its text).
 */
export async function checkRevert(
  db: Database,
  ids: readonly string[],
  options: { readonly allowLoss: readonly string[]; readonly instead?: Instead },
): Promise<LossEstimate[]> {
  const estimates = await estimateLoss(db, ids);
  const refusal = refuseLoss(estimates, options.allowLoss, options.instead);
  if (refusal !== null) throw refusal;
  return estimates;
}

import { type OpenEnvironment, withLease } from "@slipway/environment";
import { nameSome, SlipwayError } from "@slipway/kernel";
import { adoptMigrations, type Migration, supabaseHistory } from "@slipway/migrations";
import type { FreshComparison } from "./compare-with-fresh.ts";

/** Refuses a database that is not what the migrations would have made, unless somebody says why it is fine. */
export function refuseDifference(
  { missing, different, place }: FreshComparison,
  forced: boolean,
  environment: string,
): void {
  if (forced || missing.length + different.length === 0) return;
  const why = [
    ...(missing.length === 0 ? [] : [`it lacks ${nameSome(missing, 5)}`]),
    ...(different.length === 0 ? [] : [`it has another ${nameSome(different, 5)}`]),
  ];
  throw new SlipwayError("BASELINE_DIFFERS", {
    what: `Cannot record the migrations as applied in "${environment}"`,
    why: `${why.join("; ")} (compared with ${place})`,
  });
}

/** Records migrations as applied, with the lease held. */
export async function adopt(
  environment: OpenEnvironment,
  migrations: readonly Migration[],
  { release, reason }: { readonly release: string; readonly reason: string },
): Promise<void> {
  const { supabaseHistory: mode } = environment.settings;
  const count = `${migrations.length} ${migrations.length === 1 ? "migration" : "migrations"}`;
  await withLease(environment, `record ${count} as applied`, async ({ db, token, actor }) => {
    const supabase = await supabaseHistory(db, mode);
    await adoptMigrations(db, migrations, release, { token, actor, reason, supabase });
  });
}

import { connect } from "@slipway/ledger";
import { fingerprint } from "@slipway/migrations";
import { scratchPostgres } from "@slipway/toolchain/testing";
import type { ScratchMigration } from "./scratch-project.ts";

/** The catalogs of fresh deploys, by their head: the migrations' SQL run in order, by nothing of Slipway's. */
export async function freshFingerprints(
  migrations: readonly ScratchMigration[],
): Promise<Map<string, string>> {
  const postgres = await scratchPostgres();
  try {
    const db = await connect(await postgres.createDatabase());
    const fingerprints = new Map<string, string>();
    for (const { id, up } of migrations) {
      await db.script(up);
      fingerprints.set(id, (await fingerprint(db)).hash);
    }
    await db.end();
    return fingerprints;
  } finally {
    postgres.remove();
  }
}

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { type Migration, proveMigrations } from "@slipway/migrations";
import { embeddedPostgres } from "@slipway/targets";

/** Where a proof runs, and who is told. */
export interface ProofOptions {
  /** The project's root; the throwaway server lies below its `.slipway/`. */
  readonly root: string;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Proves each migration on a throwaway server: up, rollback, up again, with a look at the whole catalog after
 * each. A rollback that does not lead back is found now, and not in the night in which it is needed.
 *
 * @throws {SlipwayError} ROLLBACK_NOT_PROVED, naming the first migration and what its rollback left different.
 */
export async function proveRollbacks(migrations: readonly Migration[], options: ProofOptions): Promise<void> {
  if (migrations.length === 0) return;
  const { root, onProgress, signal } = options;
  onProgress(
    `proving ${migrations.length} ${migrations.length === 1 ? "rollback" : "rollbacks"} on an embedded Postgres`,
  );
  mkdirSync(join(root, ".slipway"), { recursive: true });
  const folder = mkdtempSync(join(root, ".slipway", "proof-"));
  const server = embeddedPostgres({ folder, settings: { fsync: "off" } });
  try {
    const { url } = await server.start();
    const failed = (await proveMigrations(url, migrations, { signal })).find(
      ({ verdict }) => verdict !== "pass",
    );
    if (failed === undefined) return;
    const differences = failed.differences
      .map(({ kind, name, change }) => `${kind} ${name} is ${change}`)
      .join("; ");
    throw new SlipwayError("ROLLBACK_NOT_PROVED", {
      what: `Cannot cut a release with migration "${failed.id}"`,
      why: [failed.why, differences].filter(Boolean).join(": "),
      todo: `Correct migrations/rollbacks/${failed.id}.sql`,
    });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

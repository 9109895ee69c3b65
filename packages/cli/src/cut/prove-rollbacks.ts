import { SlipwayError } from "@slipway/kernel";
import {
  describeDifference,
  type Migration,
  type MigrationProof,
  proveMigrations,
} from "@slipway/migrations";
import { compareReleases, type Manifest } from "@slipway/release";
import { withProofServer } from "./proof-server.ts";

/** Where a proof runs, and who is told. */
export interface ProofOptions {
  /** The project's root. */
  readonly root: string;
  /** The migrations that an older release has: they are applied again, and not judged again. */
  readonly known: ReadonlySet<string>;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Proves the new migrations of a release on a throwaway server: up, rollback, up again, with a look at the
 * whole catalog after each. A rollback that does not lead back is found now, and not in the night in which it
 * is needed. Does nothing when there are no new ones.
 *
 * @throws {SlipwayError} ROLLBACK_NOT_PROVED, naming the first migration and what its rollback left different.
 */
export async function proveRollbacks(migrations: readonly Migration[], options: ProofOptions): Promise<void> {
  const { root, known, onProgress, signal } = options;
  const count = migrations.filter(({ id }) => !known.has(id)).length;
  if (count === 0) return;
  onProgress(`proving ${count} ${count === 1 ? "rollback" : "rollbacks"} on an embedded Postgres`);
  const proofs = await withProofServer(root, (url) => proveMigrations(url, migrations, { signal }));
  for (const { id, verdict, why } of proofs) {
    // Nothing can be done about it any more: it is part of a release.
    if (known.has(id) && verdict !== "pass") onProgress(`warning: ${id} is not proved: ${why}`);
  }
  const failed = proofs.find(({ id, verdict }) => verdict !== "pass" && !known.has(id));
  if (failed !== undefined) throw notProved(failed);
}

/** The migrations of the newest release that is older than a version. */
export function knownMigrations(version: string, releases: readonly Manifest[]): ReadonlySet<string> {
  const older = releases.filter((release) => compareReleases(release.version, version) < 0);
  return new Set(older.at(-1)?.migrations.map(({ id }) => id));
}

function notProved({ id, why, differences }: MigrationProof): SlipwayError {
  const list = differences.map(describeDifference).join("; ");
  return new SlipwayError("ROLLBACK_NOT_PROVED", {
    what: `Cannot cut a release with migration "${id}"`,
    why: [why, list].filter(Boolean).join(": "),
    todo: `Correct migrations/rollbacks/${id}.sql, or the migration itself`,
  });
}

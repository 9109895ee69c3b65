import { SlipwayError } from "@slipway/kernel";
import {
  type ChainProof,
  describeDifference,
  type Migration,
  type MigrationProof,
  type MigrationRef,
  type ProofReport,
  proveMigrations,
  type UnprovedWaiver,
  unprovedWaiver,
  waiverCounts,
} from "@slipway/migrations";
import { compareReleases, type Manifest } from "@slipway/release";
import { inProofPlaces } from "../migrate/prove/proof-place.ts";

/** Where a proof runs, and who is told. */
export interface ProofOptions {
  /** The project's root. */
  readonly root: string;
  /** The migrations that an older release has: they are applied again, and not judged again. */
  readonly known: ReadonlySet<string>;
  /** The database whose server, and a copy of which, should be used; `null`: an embedded server. */
  readonly database: string | null;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a server says of an extension that is not installed on it. */
const EXTENSION = /extension "[^"]+" is not available/;

/** Migrations that go into a release without a proof, by id: why, and until when that is allowed. */
export type Unproved = ReadonlyMap<string, NonNullable<MigrationRef["unproved"]>>;

/**
 * Proves the new migrations of a release, on a throwaway server unless a database is named: up, rollback, up again, with a look at the
 * whole catalog after each. A rollback that does not lead back is found now, and not in the night in which it
 * is needed. Does nothing when there are no new ones.
 *
 * @returns those that are not proved and have a waiver that counts today.
 * @throws {SlipwayError} ROLLBACK_NOT_PROVED, naming the first migration and what its rollback left different.
 */
export async function proveRollbacks(
  migrations: readonly Migration[],
  options: ProofOptions,
): Promise<Unproved> {
  const { root, known, database, onProgress, signal } = options;
  const fresh = new Set(migrations.map(({ id }) => id).filter((id) => !known.has(id)));
  const waived = new Map<string, NonNullable<MigrationRef["unproved"]>>();
  if (fresh.size === 0) return waived;
  const reports: ProofReport[] = [];
  await inProofPlaces({ root, migrations, database }, fresh, async (place, only) => {
    onProgress(`proving ${only.size} ${only.size === 1 ? "rollback" : "rollbacks"} on ${place.words}`);
    reports.push(await proveMigrations(place.adminUrl, migrations, { ...place.options, only, signal }));
  });
  const proofs = reports.flatMap((report) => report.proofs);
  for (const proof of proofs) {
    if (proof.verdict === "pass") continue;
    const waiver = unprovedWaiver(migrations.find(({ id }) => id === proof.id)!);
    if (waiver === null || !waiverCounts(waiver, new Date())) throw notProved(proof, waiver);
    onProgress(`warning: ${proof.id} is not proved, allowed until ${waiver.until}: ${waiver.reason}`);
    waived.set(proof.id, waiver);
  }
  for (const { chain } of reports) if (chain?.verdict === "fail") throw chainNotProved(chain);
  return waived;
}

/** All new migrations, for a cut that proves none. */
export function waiveAll(
  migrations: readonly Migration[],
  known: ReadonlySet<string>,
  reason: string,
): Unproved {
  const fresh = migrations.filter(({ id, down }) => !known.has(id) && down !== null);
  return new Map(fresh.map(({ id }) => [id, { reason, until: null }]));
}

/** The migrations of the newest release that is older than a version. */
export function knownMigrations(version: string, releases: readonly Manifest[]): ReadonlySet<string> {
  const older = releases.filter((release) => compareReleases(release.version, version) < 0);
  return new Set(older.at(-1)?.migrations.map(({ id }) => id));
}

function notProved({ id, why, differences }: MigrationProof, expired: UnprovedWaiver | null): SlipwayError {
  const list = differences.map(describeDifference).join("; ");
  const late = expired === null ? "" : `its waiver counted until ${expired.until}`;
  return new SlipwayError("ROLLBACK_NOT_PROVED", {
    what: `Cannot cut a release with migration "${id}"`,
    why: [why, list, late].filter(Boolean).join(": "),
    todo: EXTENSION.test(why ?? "")
      ? "Prove it where that extension is installed: add --database <url>, or --env <env>"
      : why?.startsWith("it cannot be applied")
        ? `Correct migrations/${id}.sql, or prove it where it can be applied: --database <url>`
        : `Correct migrations/rollbacks/${id}.sql, or the migration itself`,
  });
}

function chainNotProved({ why, differences }: ChainProof): SlipwayError {
  return new SlipwayError("ROLLBACK_NOT_PROVED", {
    what: "Cannot cut a release with these migrations",
    why: [why, differences.map(describeDifference).join("; ")].filter(Boolean).join(": "),
    todo: "Run slipway migrate prove",
  });
}

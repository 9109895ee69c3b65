import type { Verdict } from "@slipway/kernel";
import { diffFingerprints, type SchemaDifference } from "../catalog/diff-fingerprints.ts";
import { downFile, type Migration, upFile } from "../migration.ts";
import { describeError } from "../run/statement-error.ts";
import { openScratchDatabase, type ScratchDatabase } from "./scratch-database.ts";

/** Whether one migration and its rollback belong together. */
export interface MigrationProof {
  readonly id: string;
  /** `no-data`: a migration before it could not be applied, so it was never tried. */
  readonly verdict: Extract<Verdict, "pass" | "fail" | "no-data">;
  /** One sentence, or a few lines, on what is wrong; `null` for a pass. */
  readonly why: string | null;
  /** What the rollback left different, or the second up. */
  readonly differences: readonly SchemaDifference[];
  /** Tables whose columns stand in another order after the rollback: worth knowing, not a failure. */
  readonly reordered: readonly string[];
}

/**
 * Proves migrations one after the other on a database made for it: up, rollback, up again, and a look at the whole
 * catalog after each. After the rollback it has to be what it was before, after the second up what it was after the
 * first. Irreversible ones are only applied.
 *
 * @param adminUrl a server of the kind that the environments use, on which databases may be made; best one of its own,
 *   since roles made by migrations belong to the server and stay.
 * @example
 * const failed = (await proveMigrations(url, migrations)).filter(({ verdict }) => verdict !== "pass");
 */
export async function proveMigrations(
  adminUrl: string,
  migrations: readonly Migration[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<MigrationProof[]> {
  const proofs: MigrationProof[] = [];
  const applied: Migration[] = [];
  let scratch = await openScratchDatabase(adminUrl);
  try {
    for (const migration of migrations) {
      options.signal?.throwIfAborted();
      const broken = proofs.findLast(({ verdict }) => verdict !== "pass")?.id;
      if (applied.length < proofs.length) {
        proofs.push(verdictOf(migration, "no-data", `migration "${broken}" before it cannot be applied`));
        continue;
      }
      const proof = await proveOne(scratch, migration);
      proofs.push(proof.result);
      if (!proof.applied) continue;
      applied.push(migration);
      if (proof.result.verdict === "pass") continue;
      // What follows is proved from where this migration's up alone leads.
      await scratch.remove();
      scratch = await openScratchDatabase(adminUrl);
      for (const { id, up } of applied) await scratch.run({ file: upFile(id), text: up });
    }
  } finally {
    await scratch.remove();
  }
  return proofs;
}

async function proveOne(
  scratch: ScratchDatabase,
  migration: Migration,
): Promise<{ result: MigrationProof; applied: boolean }> {
  const up = { file: upFile(migration.id), text: migration.up };
  const failed = (why: string, error: unknown, source = up) =>
    verdictOf(migration, "fail", `${why}: ${describeError(source, error)}`);
  const before = await scratch.look();
  try {
    await scratch.run(up);
  } catch (error) {
    return { result: failed("it cannot be applied", error), applied: false };
  }
  if (migration.down === null) return { result: verdictOf(migration, "pass", null), applied: true };
  const after = await scratch.look();

  const down = { file: downFile(migration.id), text: migration.down };
  try {
    await scratch.run(down);
  } catch (error) {
    return { result: failed("its rollback fails", error, down), applied: true };
  }
  const undone = diffFingerprints(before, await scratch.look());
  if (undone.differences.length > 0) {
    const result = verdictOf(migration, "fail", "its rollback does not lead back", undone);
    return { result, applied: true };
  }

  try {
    await scratch.run(up);
  } catch (error) {
    return { result: failed("it cannot be applied again after its rollback", error), applied: true };
  }
  const again = diffFingerprints(after, await scratch.look());
  const { differences } = again;
  const { reordered } = undone;
  const result =
    differences.length > 0
      ? verdictOf(migration, "fail", "applied again, it leads elsewhere", again)
      : verdictOf(migration, "pass", null, { differences, reordered });
  return { result, applied: true };
}

function verdictOf(
  { id }: Migration,
  verdict: MigrationProof["verdict"],
  why: string | null,
  { differences, reordered }: Pick<MigrationProof, "differences" | "reordered"> = {
    differences: [],
    reordered: [],
  },
): MigrationProof {
  return { id, verdict, why, differences, reordered };
}

/** The whole course of a proof, which is easier to check in one place: each pair, then the chain. */
import type { Verdict } from "@slipway/kernel";
import { diffFingerprints, type SchemaDifference } from "../catalog/diff-fingerprints.ts";
import type { Fingerprint } from "../catalog/fingerprint.ts";
import { downFile, type Migration, upFile } from "../migration.ts";
import { describeError } from "../run/statement-error.ts";
import { type RowTrial, tryRows } from "./rows/row-trial.ts";
import { openScratchDatabase, type ScratchDatabase, type ScratchOptions } from "./scratch-database.ts";

/** Whether one migration and its rollback belong together. */
export interface MigrationProof {
  readonly id: string;
  /** `no-data`: a migration before it could not be applied, so it was never tried. */
  readonly verdict: Extract<Verdict, "pass" | "fail" | "no-data">;
  /** It has no rollback: a pass says only that it can be applied. */
  readonly irreversible: boolean;
  /** One sentence, or a few lines, on what is wrong; `null` for a pass. */
  readonly why: string | null;
  /** What the rollback left different, or the second up. */
  readonly differences: readonly SchemaDifference[];
  /** Tables whose columns stand in another order after the rollback: worth knowing, not a failure. */
  readonly reordered: readonly string[];
  /** What became of rows; `null` where the catalog had failed already, and for irreversible ones. */
  readonly rows: RowTrial | null;
  /** What it took, in milliseconds. */
  readonly ms: number;
}

/** All rollbacks one after the other, down to the first proved migration, and all ups again. */
export interface ChainProof {
  readonly verdict: Extract<Verdict, "pass" | "fail">;
  readonly why: string | null;
  readonly differences: readonly SchemaDifference[];
  /** How many migrations it went down and up over. */
  readonly length: number;
  readonly ms: number;
}

/** What a proof found. */
export interface ProofReport {
  readonly proofs: readonly MigrationProof[];
  /** `null` with fewer than two reversible migrations in a row at the end, or a pair that failed. */
  readonly chain: ChainProof | null;
}

/** How a proof is made. */
export interface ProofOptions extends ScratchOptions {
  /** Ids to prove; the others are applied only. All unless told. */
  readonly only?: ReadonlySet<string>;
  /** Ids that the template has already. */
  readonly applied?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
  /** Told of each migration that was to be proved, as soon as it is known. */
  readonly onProof?: (proof: MigrationProof) => void;
}

/**
 * Proves migrations one after the other on a database made for it: up, rollback, up again, and a look at the whole
 * catalog after each. After the rollback it has to be what it was before, after the second up what it was after the
 * first; and rows that were there before have to be there again, generated ones where a table has none. At the end the
 * whole chain goes down and up. Irreversible ones are only applied.
 *
 * @param adminUrl a server of the kind that the environments use, on which databases may be made; best one of its own,
 *   since roles made by migrations belong to the server and stay.
 * @example
 * const { proofs } = await proveMigrations(url, migrations);
 * const failed = proofs.filter(({ verdict }) => verdict !== "pass");
 */
export async function proveMigrations(
  adminUrl: string,
  migrations: readonly Migration[],
  options: ProofOptions = {},
): Promise<ProofReport> {
  const pending = migrations.filter(({ id }) => !options.applied?.has(id));
  const proofs: MigrationProof[] = [];
  const applied: Migration[] = [];
  /** The catalog before each migration. */
  const bottoms = new Map<string, Fingerprint>();
  const told = (proof: MigrationProof) => {
    proofs.push(proof);
    options.onProof?.(proof);
  };
  let broken: string | null = null;
  let scratch = await openScratchDatabase(adminUrl, options);
  try {
    let before = await scratch.look();
    let stale = false;
    for (const migration of pending) {
      options.signal?.throwIfAborted();
      const wanted = options.only === undefined || options.only.has(migration.id);
      if (broken !== null) {
        if (wanted)
          told(verdictOf(migration, "no-data", `migration "${broken}" before it cannot be applied`));
        continue;
      }
      if (!wanted) {
        const error = await applyOnly(scratch, migration);
        if (error !== null) broken = migration.id;
        else applied.push(migration);
        stale = true;
        continue;
      }
      if (stale) before = await scratch.look();
      stale = false;
      bottoms.set(migration.id, before);
      const { result, after }: Pair = await provePair(scratch, migration, before);
      told(result);
      if (after === null) {
        broken = migration.id;
        continue;
      }
      applied.push(migration);
      if (result.verdict === "pass") {
        before = after;
        continue;
      }
      // What follows is proved from where this migration's up alone leads.
      await scratch.remove();
      scratch = await openScratchDatabase(adminUrl, options);
      for (const { id, up } of applied) await scratch.run({ file: upFile(id), text: up });
      stale = true;
    }
    const passed = broken === null && proofs.every(({ verdict }) => verdict === "pass");
    const tail = reversibleTail(applied, proofs);
    const bottom = bottoms.get(tail[0]?.id ?? "");
    if (!passed || bottom === undefined || tail.length < 2) return { proofs, chain: null };
    return { proofs, chain: await proveChain(scratch, tail, { bottom, head: before }) };
  } finally {
    await scratch.remove();
  }
}

interface Pair {
  readonly result: MigrationProof;
  /** The catalog with the migration applied; `null` when it cannot be. */
  readonly after: Fingerprint | null;
}

async function applyOnly(scratch: ScratchDatabase, { id, up }: Migration): Promise<unknown> {
  try {
    await scratch.run({ file: upFile(id), text: up });
    return null;
  } catch (error) {
    return error;
  }
}

async function provePair(scratch: ScratchDatabase, migration: Migration, before: Fingerprint): Promise<Pair> {
  const started = performance.now();
  const up = { file: upFile(migration.id), text: migration.up };
  const ended = (...rest: Rest) => ({
    ...verdictOf(migration, ...rest),
    ms: Math.round(performance.now() - started),
  });
  const failed = (why: string, error: unknown, source = up) =>
    ended("fail", `${why}: ${describeError(source, error)}`);
  // First, since it leaves nothing: after the pair the tables are others.
  const rows =
    migration.down === null ? null : await tryRows(scratch.db, { ...migration, down: migration.down });
  try {
    await scratch.run(up);
  } catch (error) {
    return { result: failed("it cannot be applied", error), after: null };
  }
  const after = await scratch.look();
  if (migration.down === null) return { result: ended("pass", null), after };

  const down = { file: downFile(migration.id), text: migration.down };
  try {
    await scratch.run(down);
  } catch (error) {
    return { result: failed("its rollback fails", error, down), after };
  }
  const undone = diffFingerprints(before, await scratch.look());
  if (undone.differences.length > 0) {
    return { result: ended("fail", "its rollback does not lead back", undone), after };
  }

  try {
    await scratch.run(up);
  } catch (error) {
    return { result: failed("it cannot be applied again after its rollback", error), after };
  }
  const twice = await scratch.look();
  const again = diffFingerprints(after, twice);
  if (again.differences.length > 0) {
    return { result: ended("fail", "applied again, it leads elsewhere", again), after };
  }
  const { differences } = again;
  const { reordered } = undone;
  const verdict = rows?.verdict === "fail" ? "fail" : "pass";
  const why = verdict === "fail" ? (rows?.why ?? null) : null;
  return { result: { ...ended(verdict, why, { differences, reordered }), rows }, after: twice };
}

/** The newest migrations that were proved, back to the first that cannot be undone or was not to be proved. */
function reversibleTail(applied: readonly Migration[], proofs: readonly MigrationProof[]): Migration[] {
  const proved = new Set(proofs.map(({ id }) => id));
  const last = applied.findLastIndex(({ id, down }) => down === null || !proved.has(id));
  return applied.slice(last + 1);
}

async function proveChain(
  scratch: ScratchDatabase,
  chain: readonly Migration[],
  { bottom, head }: { readonly bottom: Fingerprint; readonly head: Fingerprint },
): Promise<ChainProof> {
  const started = performance.now();
  const ended = (why: string | null, differences: readonly SchemaDifference[] = []): ChainProof => ({
    verdict: why === null ? "pass" : "fail",
    why,
    differences,
    length: chain.length,
    ms: Math.round(performance.now() - started),
  });
  const downs = chain.map(({ id, down }) => ({ file: downFile(id), text: down ?? "" })).reverse();
  const ups = chain.map(({ id, up }) => ({ file: upFile(id), text: up }));
  for (const { words, sources, expected } of [
    { words: "rolled back", sources: downs, expected: bottom },
    { words: "applied again", sources: ups, expected: head },
  ]) {
    for (const source of sources) {
      try {
        await scratch.run(source);
      } catch (error) {
        return ended(`all ${words} in a row, one fails: ${describeError(source, error)}`);
      }
    }
    const { differences } = diffFingerprints(expected, await scratch.look());
    if (differences.length > 0) return ended(`all ${words} in a row, they lead elsewhere`, differences);
  }
  return ended(null);
}

type Rest = [
  verdict: MigrationProof["verdict"],
  why: string | null,
  found?: Pick<MigrationProof, "differences" | "reordered">,
];

function verdictOf({ id, down }: Migration, ...[verdict, why, found]: Rest): MigrationProof {
  const { differences, reordered } = found ?? { differences: [], reordered: [] };
  return { id, verdict, irreversible: down === null, why, differences, reordered, rows: null, ms: 0 };
}

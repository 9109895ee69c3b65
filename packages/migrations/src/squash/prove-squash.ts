import { describeDifference, diffFingerprints } from "../catalog/diff-fingerprints.ts";
import type { Fingerprint } from "../catalog/fingerprint.ts";
import { downFile, type Migration, upFile } from "../migration.ts";
import { openScratchDatabase, type ScratchDatabase, type ScratchOptions } from "../prove/scratch-database.ts";
import { describeError } from "../run/statement-error.ts";
import type { SqlSource } from "../sql/source-position.ts";
import { allRows, type Rows, rowDifferences } from "./all-rows.ts";
import type { SquashPlan } from "./plan-squash.ts";

/** Whether one migration makes what several made. */
export interface SquashProof {
  readonly verdict: "pass" | "fail";
  readonly why: string | null;
  readonly differences: readonly string[];
  /** Tables whose values differ from run to run (random keys, times), and of which these columns were not compared. */
  readonly volatile: readonly string[];
  readonly ms: number;
}

/**
 * Runs the single migrations on one empty database and the squashed one on another, and compares schema and rows; then its
 * rollback has to lead back. Both databases are removed after.
 *
 * @param adminUrl a database on a server where databases may be made.
 * @param parts the single migrations, in their order.
 */
export async function proveSquash(
  adminUrl: string,
  parts: readonly Migration[],
  plan: SquashPlan,
  options: ScratchOptions & { readonly signal?: AbortSignal } = {},
): Promise<SquashProof> {
  const started = performance.now();
  const ended = (
    why: string | null,
    differences: readonly string[] = [],
    volatile: readonly string[] = [],
  ) => ({
    verdict: why === null ? ("pass" as const) : ("fail" as const),
    why,
    differences,
    volatile,
    ms: Math.round(performance.now() - started),
  });
  const single = await inScratch(adminUrl, options, (scratch) => runSingles(scratch, parts, options.signal));
  return inScratch(adminUrl, options, async (scratch) => {
    const empty = await scratch.look();
    const up = { file: upFile(plan.id), text: plan.up };
    const refused = await attempt(scratch, up);
    if (refused !== null) return ended(`it cannot be applied as one: ${refused}`);
    const { differences } = diffFingerprints(single.schema, await scratch.look());
    if (differences.length > 0)
      return ended("as one, they make another schema", differences.map(describeDifference));
    const rows = await allRows(scratch.db);
    let found = rowDifferences(single.rows, rows);
    const volatile: string[] = [];
    if (found.length > 0) {
      // Once more: what differs between two runs of the very same files says nothing.
      const again = await inScratch(adminUrl, options, (other) => runSingles(other, parts, options.signal));
      volatile.push(...rowDifferences(single.rows, again.rows));
      found = found.filter((name) => !volatile.includes(name));
    }
    if (found.length > 0) return ended("as one, they leave other rows", found, volatile);
    if (plan.down === null) return ended(null, [], volatile);
    const stuck = await attempt(scratch, { file: downFile(plan.id), text: plan.down });
    if (stuck !== null) return ended(`its rollback fails: ${stuck}`);
    const left = diffFingerprints(empty, await scratch.look()).differences;
    if (left.length > 0) return ended("its rollback does not lead back", left.map(describeDifference));
    return ended(null, [], volatile);
  });
}

async function runSingles(
  scratch: ScratchDatabase,
  parts: readonly Migration[],
  signal: AbortSignal | undefined,
): Promise<{ schema: Fingerprint; rows: Rows }> {
  for (const { id, up } of parts) {
    signal?.throwIfAborted();
    await scratch.run({ file: upFile(id), text: up });
  }
  return { schema: await scratch.look(), rows: await allRows(scratch.db) };
}

async function attempt(scratch: ScratchDatabase, source: SqlSource): Promise<string | null> {
  try {
    await scratch.run(source);
    return null;
  } catch (error) {
    return describeError(source, error);
  }
}

// One after the other: roles that one makes are gone before the next one makes them.
async function inScratch<T>(
  adminUrl: string,
  options: ScratchOptions,
  work: (scratch: ScratchDatabase) => Promise<T>,
): Promise<T> {
  const scratch = await openScratchDatabase(adminUrl, options);
  try {
    return await work(scratch);
  } finally {
    await scratch.remove();
  }
}

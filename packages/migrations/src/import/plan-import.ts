import { SlipwayError } from "@slipway/kernel";
import { compareVersions } from "../migration.ts";
import { adaptMigration, type Checked, problemOf } from "./adapt-migration.ts";
import type { ImportOptions, ImportPlan, PlannedImport } from "./import-plan.ts";
import { inTheWay } from "./in-the-way.ts";
import { nothingFound } from "./nothing-found.ts";
import { findGaps, orderProblems, whyGap } from "./order-problems.ts";
import { ourVersions } from "./our-versions.ts";
import { readForeignFolder } from "./read-foreign-folder.ts";
import { unreadable } from "./unreadable.ts";

/**
 * Plans the import of another tool's migrations into our layout; writes nothing.
 *
 * @throws {SlipwayError} USAGE for a folder that is not there.
 * @example
 * const plan = await planImport("supabase/migrations", { from: "auto", into: "migrations", now: new Date() });
 */
export async function planImport(folder: string, options: ImportOptions): Promise<ImportPlan> {
  const foreign = readForeignFolder(folder, options.from);
  const problems = [...foreign.problems];
  const versions = ourVersions(foreign.migrations.map(({ version }) => version));
  const sorted = foreign.migrations
    .map((migration, index) => ({ ...migration, version: versions[index]!, given: migration.version }))
    .sort((a, b) => compareVersions(a.version, b.version));
  const gaps = findGaps(sorted);
  problems.push(...orderProblems(sorted, foreign.layout), ...(options.gapReason === undefined ? gaps : []));
  const migrations: PlannedImport[] = [];
  const checked: Checked[] = [];
  for (const [index, one] of sorted.entries()) {
    const gap = whyGap(sorted[index - 1], one, { ...options, layout: foreign.layout });
    const adapted = await adaptMigration(one, options, gap).catch((error: unknown) => {
      if (!(error instanceof SlipwayError)) throw error;
      problems.push(problemOf(one, error));
      return null;
    });
    if (adapted === null) continue;
    migrations.push(adapted.planned);
    checked.push(adapted.checked);
  }
  problems.push(...(await unreadable(checked, options.now)), ...inTheWay(migrations, options.into));
  if (migrations.length === 0 && problems.length === 0)
    problems.push(nothingFound(folder, foreign, options.from));
  return { layout: foreign.layout, migrations, problems, skipped: foreign.skipped };
}

import { isSlipwayError } from "@slipway/kernel";
import {
  type Database,
  DURATIONS_SINCE,
  isPostgresError,
  listSavedData,
  readDurations,
  readStoredMigrations,
  type SavedData,
  type TableSize,
} from "@slipway/ledger";
import {
  type DurationSource,
  describeEffects,
  downFile,
  type EstimateInput,
  estimateLoss,
  estimateTime,
  type Kind,
  type LossItem,
  type MigrationEffects,
  type Phase,
  type TimeEstimate,
  tableSizes,
  upFile,
} from "@slipway/migrations";
import type { Manifest } from "@slipway/release";
import { migrationsToApply } from "./guard.ts";
import type { OpenEnvironment } from "./open-environment.ts";
import type { RunPlan } from "./plan.ts";

/** What one migration of a run does, and what it costs. */
export interface MigrationPlan {
  readonly id: string;
  readonly direction: "up" | "back";
  readonly phase: Phase;
  readonly kind: Kind;
  /** Null where the SQL is not at hand. */
  readonly effects: MigrationEffects | null;
  /** The tables that it works on, as large as they are now. */
  readonly tables: readonly TableSize[];
  readonly time: TimeEstimate;
  /** What going back would lose. */
  readonly atStake: readonly LossItem[];
  /** Whether the stack permits that, so that it is saved to `slipway_saved` first. */
  readonly savedFirst: boolean;
  /** What an earlier rollback saved and this up puts back. */
  readonly putsBack: readonly Pick<SavedData, "name" | "rows">[];
  /** What could not be found out, each with its reason. */
  readonly unknown: readonly string[];
}

interface Sql {
  readonly text: string;
  readonly sha256: string | null;
}

/**
 * Everything that people want to know of the migrations of a run before it begins, in their order. Reads only; what
 * cannot be found out is said, and stops nothing.
 *
 * @param elsewhere how long migrations took in other environments: asked after this one.
 */
export async function planMigrations(
  environment: OpenEnvironment,
  manifest: Manifest,
  plan: Pick<RunPlan, "schema">,
  elsewhere: readonly DurationSource[] = [],
): Promise<MigrationPlan[]> {
  const { apply, undo } = plan.schema;
  const undone = [...undo.contract, ...undo.expand];
  const order = [...undo.contract, ...apply.expand, ...undo.expand, ...apply.contract];
  if (order.length === 0) return [];
  const unknown: string[] = [];
  const found = async <T>(what: string, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!isSlipwayError(error) && !isPostgresError(error)) throw error;
      unknown.push(`${what}: ${isSlipwayError(error) ? error.why : error.message}`);
      return otherwise;
    }
  };
  const db = await environment.database();
  const { ledger } = await environment.observe();
  const known = db !== null && ledger.version > 0 ? db : null;
  const facts = new Map<string, { phase: Phase; kind: Kind }>(
    [...manifest.migrations, ...ledger.applied].map((migration) => [migration.id, migration]),
  );
  const sql = new Map<string, Sql>();
  await found("their SQL", undefined, async () => {
    for (const { id, up, upSha256 } of migrationsToApply(environment, manifest, plan))
      sql.set(id, { text: up, sha256: upSha256 });
  });
  const losses =
    known === null || undone.length === 0
      ? []
      : await found("the rows at stake", [], () => estimateLoss(known, undone));
  const saved = known === null ? [] : await found("what was saved", [], () => listSavedData(known));
  if (known !== null && undone.length > 0)
    for (const { id, downSql, downSha256 } of await readStoredMigrations(known, undone))
      sql.set(id, { text: downSql ?? "", sha256: downSha256 });
  const sources = [...(await durationsHere(environment, known, ledger.version)), ...elsewhere];
  const made = new Set<string>();
  const plans: MigrationPlan[] = [];
  for (const id of order) {
    const isUp = !undone.includes(id);
    const file = isUp ? upFile(id) : downFile(id);
    const own = sql.get(id);
    const effects =
      own === undefined
        ? null
        : await found(`what ${file} does`, null, () =>
            describeEffects({ file, text: own.text }, isUp ? made : undefined),
          );
    const names = effects?.work.flatMap(({ table }) => (table === null ? [] : [table])) ?? [];
    const sizes =
      db === null
        ? []
        : await found<TableSize[] | null>(`how large the tables of ${id} are`, null, () =>
            tableSizes(db, names),
          );
    const input: EstimateInput = {
      id,
      direction: isUp ? "up" : "down",
      sha256: own?.sha256 ?? null,
      effects: effects ?? { work: [], opaque: true },
      sizes,
      sources,
    };
    plans.push({
      id,
      direction: isUp ? "up" : "back",
      phase: facts.get(id)?.phase ?? "expand",
      kind: facts.get(id)?.kind ?? "lossless",
      effects,
      tables: sizes ?? [],
      time: estimateTime(input),
      atStake: losses.find((loss) => loss.id === id)?.items ?? [],
      savedFirst: environment.settings.allowDataLoss.includes(id),
      putsBack: isUp
        ? saved
            .filter(({ migration, putBackAt }) => migration === id && putBackAt === null)
            .map(({ name, rows }) => ({ name, rows }))
        : [],
      unknown: unknown.splice(0),
    });
  }
  return plans;
}

/** How long migrations took in an environment; none where its ledger is older than that. */
export async function durationsHere(
  { settings }: Pick<OpenEnvironment, "settings">,
  db: Database | null,
  version: number,
): Promise<DurationSource[]> {
  if (db === null || version < DURATIONS_SINCE) return [];
  return [{ environment: settings.environment, durations: await readDurations(db) }];
}

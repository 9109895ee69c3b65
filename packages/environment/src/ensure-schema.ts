import {
  abandonUnfinished,
  applyMigrations,
  type RunLimits,
  revertMigrations,
  singleIds,
  supabaseHistory,
} from "@slipway/migrations";
import { failpoint } from "./failpoint.ts";
import { migrationsToApply } from "./guard.ts";
import { recordAllowedDrift } from "./guard-drift.ts";
import { planRun, type RunPlan } from "./plan.ts";
import { recordProbesBefore } from "./probes.ts";
import { runDatabase } from "./run-database.ts";
import type { OpenRun, RunSession } from "./run-session.ts";
import type { EnvironmentSettings } from "./settings.ts";

/** The schema work of one step: what was applied and what was undone, ids in the order of the work. */
export interface SchemaResult {
  readonly applied: readonly string[];
  readonly undone: readonly string[];
}

/**
 * The second ensure: brings the schema to where the pinned services can start. Forward, the expand
 * migrations go up; back, the contract migrations of the newer release are undone, newest first.
 *
 * @throws {SlipwayError} SCHEMA_APPLY_FAILED, SCHEMA_REVERT_FAILED, SCHEMA_STEP_BY_STEP, LEASE_LOST.
 */
export async function ensureSchema(session: RunSession): Promise<SchemaResult> {
  const run = session.current("schema");
  await failpoint("schema.before");
  await abandonOthers(session, run);
  const plan = await freshPlan(session, run);
  await recordProbesBefore(session, run, plan);
  await recordAllowedDrift(session, run, plan);
  const { apply, undo } = plan.schema;
  const undone = await undoMigrations(session, run, undo.contract);
  await failpoint("schema.between");
  const applied = await migrate(session, run, plan, apply.expand);
  await session.advance("schema");
  await failpoint("schema.after");
  return { applied, undone };
}

/** The plan as of now: ledger and world may have moved since the preview. */
export async function freshPlan(session: RunSession, run: OpenRun): Promise<RunPlan> {
  session.environment.forget();
  const observation = await session.environment.observe();
  const plan = planRun({ manifest: run.manifest, settings: session.environment.settings, observation });
  return plan;
}

// What a killed run began outside a transaction shows in no row: it goes before anything else is done.
async function abandonOthers(session: RunSession, run: OpenRun): Promise<void> {
  const db = await runDatabase(session.environment);
  // A single migration that the pin has in a squashed one is wanted too.
  const wanted = singleIds(run.manifest.migrations);
  const abandoned = await abandonUnfinished(db, wanted, {
    token: run.token,
    run: run.id,
    actor: run.actor,
    limits: limitsFrom(session.environment.settings),
  });
  for (const id of abandoned)
    session.environment.context.log("info", `took back what an interrupted run had begun of ${id}`);
}

function limitsFrom({
  lockTimeoutSeconds,
  statementTimeoutSeconds,
}: EnvironmentSettings): Partial<RunLimits> {
  return {
    lockTimeoutMs: Math.round(lockTimeoutSeconds * 1_000),
    statementTimeoutMs: Math.round(statementTimeoutSeconds * 1_000),
  };
}

/** Applies the given migrations of a plan, in their order. */
export async function migrate(
  session: RunSession,
  run: OpenRun,
  plan: RunPlan,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { environment } = session;
  const files = migrationsToApply(environment, run.manifest, plan).filter(({ id }) => ids.includes(id));
  const db = await runDatabase(environment);
  await applyMigrations(db, files, {
    token: run.token,
    run: run.id,
    actor: run.actor,
    release: () => run.manifest.version,
    supabase: await supabaseHistory(db, environment.settings.supabaseHistory),
    limits: limitsFrom(environment.settings),
    signal: run.signal,
    onProgress: (message) => environment.context.log("info", message),
  });
  environment.forget();
  return files.map(({ id }) => id);
}

/** Undoes applied migrations with the rollback SQL that the ledger kept, newest first. */
export async function undoMigrations(
  session: RunSession,
  run: OpenRun,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { environment } = session;
  const db = await runDatabase(environment);
  await revertMigrations(db, ids, {
    token: run.token,
    run: run.id,
    actor: run.actor,
    allowLoss: environment.settings.allowDataLoss,
    supabase: await supabaseHistory(db, environment.settings.supabaseHistory),
    limits: limitsFrom(environment.settings),
    signal: run.signal,
    onProgress: (message) => environment.context.log("info", message),
  });
  environment.forget();
  return [...ids];
}

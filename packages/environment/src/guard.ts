import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import {
  checkRevert,
  compareHistory,
  loadMigrations,
  type Migration,
  type SchemaBlock,
  singleIds,
  versionOf,
} from "@slipway/migrations";
import { artifactStore, type Manifest } from "@slipway/release";
import { guardDrift } from "./guard-drift.ts";
import { neededVariables } from "./instance.ts";
import { isLeaseOfDeadProcess } from "./lease-owner.ts";
import type { OpenEnvironment } from "./open-environment.ts";
import type { RunPlan } from "./plan.ts";
import { guardProbes } from "./probes.ts";

/**
 * Everything that can stop a run, asked before it starts and in previews: nothing here changes anything.
 * All answers are gathered, so that one preview shows every reason.
 */
export async function guardRun(
  environment: OpenEnvironment,
  manifest: Manifest,
  plan: RunPlan,
): Promise<SlipwayError[]> {
  if (!plan.change) return [];
  const guards = [
    () => guardLease(environment),
    () => environment.target.preflight(),
    () => guardSchema(environment, manifest, plan),
    () => guardHistory(environment, manifest, plan),
    () => guardDrift(environment, plan),
    () => guardProbes(environment, plan),
    () => guardRevert(environment, plan),
    () => guardArtifacts(environment, plan),
    () => guardVariables(environment, plan),
  ];
  const refusals: SlipwayError[] = [];
  for (const guard of guards) {
    try {
      await guard();
    } catch (error) {
      if (!isSlipwayError(error)) throw error;
      refusals.push(error);
    }
  }
  return refusals;
}

async function guardLease(environment: OpenEnvironment): Promise<void> {
  const { lease } = (await environment.observe()).ledger;
  if (lease === null || !lease.live || isLeaseOfDeadProcess(lease)) return;
  throw new SlipwayError("LEASE_HELD", {
    what: `Cannot release into "${environment.settings.environment}"`,
    why: `${lease.owner} holds it since ${lease.acquiredAt} (${lease.reason}), until ${lease.expiresAt} unless it goes on`,
  });
}

async function guardSchema(environment: OpenEnvironment, manifest: Manifest, plan: RunPlan): Promise<void> {
  const { blocked } = plan.schema;
  if (blocked !== null) {
    throw new SlipwayError(blocked.code, {
      what: `Cannot bring the schema to ${manifest.version} in one step`,
      why: blocked.why,
      ...todoOf(blocked),
    });
  }
  migrationsToApply(environment, manifest, plan);
}

function todoOf({ todo, nextHead }: SchemaBlock): { readonly todo?: string } {
  if (todo !== undefined) return { todo };
  if (nextHead === null) return {};
  return { todo: `Pin a release that ends with migration ${nextHead} first, or run slipway up` };
}

/**
 * The SQL of the migrations that a plan applies, in the plan's order, checked against the manifest, which also
 * decides kind and phase: it is what was reviewed and cut. No other file is looked at.
 *
 * @throws {SlipwayError} MIGRATION_INVALID when a file is gone, SCHEMA_CHECKSUM_CHANGED when it was edited.
 */
export function migrationsToApply(
  environment: OpenEnvironment,
  manifest: Manifest,
  plan: Pick<RunPlan, "schema">,
): Migration[] {
  const ids = new Set([...plan.schema.apply.expand, ...plan.schema.apply.contract]);
  const released = manifest.migrations.filter(({ id }) => ids.has(id));
  return loadMigrations(environment.folders.migrations, released);
}

// The Supabase CLI has run it: running it again would fail, or do it twice.
async function guardHistory(
  environment: OpenEnvironment,
  manifest: Manifest,
  { schema }: RunPlan,
): Promise<void> {
  const ids = new Set([...schema.apply.expand, ...schema.apply.contract]);
  // Of a squashed one, each of those that it replaces counts: it would make what they made.
  const pending = singleIds(manifest.migrations.filter(({ id }) => ids.has(id)));
  if (environment.settings.supabaseHistory === "never" || pending.length === 0) return;
  const db = await environment.database();
  const differences = db === null ? null : await compareHistory(db, []);
  const theirs = new Set(differences?.foreign.map(({ version }) => version));
  const twice = pending.filter((id) => theirs.has(versionOf(id)));
  if (twice.length === 0) return;
  throw new SlipwayError("SCHEMA_APPLIED_ELSEWHERE", {
    what: `Cannot apply ${twice.length === 1 ? `migration "${twice[0]}"` : `${twice.length} migrations`}`,
    why: `the Supabase CLI's history has ${twice.join(", ")} as applied, and the ledger does not`,
    todo: `Adopt what is there with slipway migrate baseline --env ${environment.settings.environment}; where it is not there, run supabase migration repair --status reverted ${twice.map(versionOf).join(" ")}`,
  });
}

async function guardRevert(environment: OpenEnvironment, plan: RunPlan): Promise<void> {
  const ids = [...plan.schema.undo.contract, ...plan.schema.undo.expand];
  if (ids.length === 0) return;
  const db = await environment.database();
  if (db === null) return;
  const { allowDataLoss: allowLoss, environment: name } = environment.settings;
  // What the pin would archive is what came after it.
  await checkRevert(db, ids, { allowLoss, instead: { flags: plan.flags.archive, environment: name } });
}

async function guardArtifacts(environment: OpenEnvironment, plan: RunPlan): Promise<void> {
  const store = artifactStore(environment.folders.artifacts);
  for (const instance of plan.instances) {
    if (plan.start.includes(instance.id))
      await store.verify(instance.release.artifact, `${instance.service} ${instance.release.version}`);
  }
}

async function guardVariables(environment: OpenEnvironment, plan: RunPlan): Promise<void> {
  for (const instance of plan.instances) {
    if (!plan.start.includes(instance.id)) continue;
    const missing = neededVariables(instance).filter(
      (name) => environment.context.ambient[name] === undefined,
    );
    if (missing.length > 0) {
      throw new SlipwayError("SECRET_MISSING", {
        what: `Cannot start service "${instance.service}"`,
        why: `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set`,
        todo: `Set ${missing.join(", ")} for this run, or map the name in slipway:env`,
      });
    }
  }
}

export { ensureFlag } from "./ensure-flag.ts";
export { ensureRelease, type ReleaseRequest } from "./ensure-release.ts";
export { ensureSchema, type SchemaResult } from "./ensure-schema.ts";
export { ensureService } from "./ensure-service.ts";
export { ensureSettle, type SettleResult } from "./ensure-settle.ts";
export { ensureTraffic, type TrafficResult } from "./ensure-traffic.ts";
export { type FailpointName, failpoint, failpointNames } from "./failpoint.ts";
export { guardRun } from "./guard.ts";
export { neededVariables, type WantedInstance, wantedInstances } from "./instance.ts";
export { type FailedRelease, killFlagsOfFailure } from "./kill-flags-of-failure.ts";
export { actor, isDeadProcess, isLeaseOfDeadProcess, type LeaseOwner, thisProcess } from "./lease-owner.ts";
export type { Observation } from "./observation.ts";
export { FLAGS_SINCE, type OpenEnvironment, openEnvironment, type RunContext } from "./open-environment.ts";
export { pinnedManifest } from "./pinned-manifest.ts";
export { type Direction, type PlanInput, planRun, type RunPlan } from "./plan.ts";
export { declarationOf, type FlagPlan } from "./plan-flags.ts";
export { durationsHere, type MigrationPlan, planMigrations } from "./plan-migrations.ts";
export { historyWarnings, planWarnings } from "./plan-warnings.ts";
export { type OpenRun, type RunSession, runSession } from "./run-session.ts";
export {
  type DatabaseDescriptor,
  type EnvironmentFolders,
  type EnvironmentSettings,
  environmentFolders,
  type RolloutSettings,
  type VariableDescriptor,
} from "./settings.ts";
export { type SettingsOrigin, settingsFrom } from "./settings-from.ts";
export { stopEverything } from "./stop-everything.ts";
export { type LeasedWork, withLease } from "./with-lease.ts";

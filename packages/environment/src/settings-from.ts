import type { StackConfig } from "@slipway/release/stack-config";
import type { EnvironmentSettings } from "./settings.ts";

/** What the settings need beside the stack's configuration. */
export interface SettingsOrigin {
  readonly project: string;
  readonly environment: string;
  readonly root?: string | undefined;
  readonly releases?: string | undefined;
  readonly migrations?: string | undefined;
}

/** Fills in the defaults of a stack's configuration. The one place where they stand. */
export function settingsFrom(config: StackConfig, origin: SettingsOrigin): EnvironmentSettings {
  return {
    project: origin.project,
    environment: origin.environment,
    root: origin.root ?? "..",
    releases: origin.releases ?? "stacks/releases",
    migrations: origin.migrations ?? "migrations",
    target: config.target ?? "local",
    database: config.database ?? { embedded: true },
    port: config.port ?? 8080,
    env: config.env ?? {},
    rollout: {
      steps: config.rollout?.steps ?? [100],
      soakSeconds: config.rollout?.soakSeconds ?? 60,
      maxErrorRate: config.rollout?.maxErrorRate ?? 0.01,
      minSamples: config.rollout?.minSamples ?? 0,
    },
    onFailure: config.onFailure ?? "rollback",
    readySeconds: config.readySeconds ?? 30,
    stabilitySeconds: config.stabilitySeconds ?? 0.5,
    drainSeconds: config.drainSeconds ?? 10,
    lockTimeoutSeconds: config.lockTimeoutSeconds ?? 2,
    statementTimeoutSeconds: config.statementTimeoutSeconds ?? 0,
    supabaseHistory: config.supabaseHistory ?? "auto",
    allowDataLoss: config.allowDataLoss ?? [],
    allowDrift: config.allowDrift ?? [],
  };
}

import { isAbsolute, join, resolve } from "node:path";
import type { SupabaseMode } from "@slipway/migrations";

/** How a value is found when it is used: never the value itself, so that no secret gets into Pulumi's state. */
export type DatabaseDescriptor = { readonly embedded: true } | { readonly env: string };

/** A service's environment variable: a literal, or the name of a variable of the run's own environment. */
export type VariableDescriptor = string | { readonly env: string };

/** The share of traffic that a new release gets, step by step; the last step is 100. */
export interface RolloutSettings {
  readonly steps: readonly number[];
  /** How long each step but the last is watched. */
  readonly soakSeconds: number;
  /** The share of failed requests (0 to 1) above which a step is a breach. */
  readonly maxErrorRate: number;
  /** Below so many requests a step concludes nothing, and holds. */
  readonly minSamples: number;
}

/**
 * What a run knows of its environment beside the pin: the stack's configuration with every default filled
 * in. It is plain JSON, travels through Pulumi's state, and holds no secret and no absolute path.
 */
export interface EnvironmentSettings {
  readonly project: string;
  readonly environment: string;
  /** The project's root, relative to the folder that `pulumi` runs in; `.slipway/` lies there. */
  readonly root: string;
  /** Folder of the release manifests, relative to the root. */
  readonly releases: string;
  /** Folder of the migrations, relative to the root. */
  readonly migrations: string;
  readonly target: "local";
  readonly database: DatabaseDescriptor;
  /** Port of the router, on loopback. */
  readonly port: number;
  readonly env: Readonly<Record<string, VariableDescriptor>>;
  readonly rollout: RolloutSettings;
  /** What a failed release leads to. Only `flag-off` is done by the run itself, the others by who started it. */
  readonly onFailure: "rollback" | "hold" | "flag-off";
  readonly readySeconds: number;
  readonly stabilitySeconds: number;
  readonly drainSeconds: number;
  /** How long one try of a migration waits for a lock; a directive of the migration goes before it. */
  readonly lockTimeoutSeconds: number;
  /** How long one statement of a migration may run; 0 is without limit. */
  readonly statementTimeoutSeconds: number;
  /** Whether the Supabase CLI's history is kept up besides the ledger. */
  readonly supabaseHistory: SupabaseMode;
  /** Ids of migrations whose rollback may lose data; what it drops is saved first. */
  readonly allowDataLoss: readonly string[];
  /** Heads from which a rollback may start although the schema drifted. */
  readonly allowDrift: readonly string[];
}

/** The folders of an environment, absolute. */
export interface EnvironmentFolders {
  readonly root: string;
  readonly releases: string;
  readonly migrations: string;
  /** `.slipway/<environment>`: database, instances, router. */
  readonly state: string;
  readonly artifacts: string;
}

/** Resolves the settings' folders against the folder that `pulumi` runs in. */
export function environmentFolders(settings: EnvironmentSettings, cwd: string): EnvironmentFolders {
  const root = resolve(cwd, settings.root);
  const below = (folder: string) => (isAbsolute(folder) ? folder : join(root, folder));
  return {
    root,
    releases: below(settings.releases),
    migrations: below(settings.migrations),
    state: join(root, ".slipway", settings.environment),
    artifacts: join(root, ".slipway", "artifacts"),
  };
}

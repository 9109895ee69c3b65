import { digestOf } from "@slipway/kernel";
import type { Manifest, ServiceRelease } from "@slipway/release";
import type { EnvironmentSettings, VariableDescriptor } from "./settings.ts";

/** A running copy of a service that the pin asks for: what it is, before anything is started. */
export interface WantedInstance {
  /** `<service>-<version>-<first 8 of the settings' digest>`: other settings are another instance. */
  readonly id: string;
  readonly service: string;
  readonly release: ServiceRelease;
  /** Digest of everything that shapes the process: artifact, command, port, variables by descriptor. */
  readonly settings: string;
  readonly variables: Readonly<Record<string, VariableDescriptor>>;
}

/** The instances that a release asks for in an environment, in the order of the services' names. */
export function wantedInstances(manifest: Manifest, settings: EnvironmentSettings): WantedInstance[] {
  return Object.entries(manifest.services)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, release]) => {
      const variables: Record<string, VariableDescriptor> = { ...manifest.config };
      for (const name of release.env) {
        // DATABASE_URL comes from the environment's database; anything else from the stack, or by the same name.
        if (name !== "DATABASE_URL") variables[name] = settings.env[name] ?? variables[name] ?? { env: name };
      }
      const { version, ...shape } = release;
      const digest = digestOf({
        ...shape,
        variables,
        database: release.env.includes("DATABASE_URL") ? settings.database : null,
      });
      return {
        id: `${service}-${version}-${digest.slice(7, 15)}`,
        service,
        release,
        settings: digest,
        variables,
      };
    });
}

/** The names of the run's environment variables that an instance needs. */
export function neededVariables(instance: WantedInstance): string[] {
  return Object.values(instance.variables).flatMap((value) => (typeof value === "string" ? [] : [value.env]));
}

/**
 * The variables with their values, for the moment of the start.
 *
 * @param ambient the run's own environment, usually `process.env`.
 */
export function resolveVariables(
  instance: WantedInstance,
  ambient: Readonly<Record<string, string | undefined>>,
  databaseUrl: string,
): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(instance.variables)) {
    const found = typeof value === "string" ? value : ambient[value.env];
    if (found !== undefined) resolved[name] = found;
  }
  if (instance.release.env.includes("DATABASE_URL")) resolved.DATABASE_URL = databaseUrl;
  return resolved;
}

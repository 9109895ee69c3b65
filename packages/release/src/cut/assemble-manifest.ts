import { digestOf } from "@slipway/kernel";
import { type MigrationRef, migrationRef } from "@slipway/migrations";
import { type Manifest, manifestDigest, parseManifest, type ServiceRelease } from "../manifest/manifest.ts";
import type { ProductService } from "../product/product.ts";
import type { CutPlan } from "./plan-cut.ts";

/** What of a service goes from the product file into the manifest. */
export type ServiceSettings = Omit<ServiceRelease, "version" | "artifact" | "build">;

/** A service's settings as the product file has them. */
export function serviceSettings({ command, path, port, health, env }: ProductService): ServiceSettings {
  return { command, path, port, health, env };
}

/**
 * The previous release's entry of a service, when content and settings are the same: then it is kept whole, with the
 * version in which the service last changed, and the running instance is not restarted.
 */
export function keptService(
  before: ServiceRelease | undefined,
  settings: ServiceSettings,
  build: string,
): ServiceRelease | null {
  if (before === undefined || before.build !== build) return null;
  const { version: _version, artifact: _artifact, build: _build, ...settingsBefore } = before;
  return digestOf(settingsBefore) === digestOf(settings) ? before : null;
}

/** The manifest of a plan and its built services, checked as any reader will check it. */
export function assembleManifest(
  plan: CutPlan,
  services: Readonly<Record<string, ServiceRelease>>,
  unproved: ReadonlyMap<string, NonNullable<MigrationRef["unproved"]>> = new Map(),
): Manifest {
  // What an older release says of a migration stays true of it.
  const before = new Map(plan.previous?.migrations.map((ref) => [ref.id, ref.unproved]));
  const manifest: Omit<Manifest, "digest"> = {
    schema: 1,
    version: plan.version,
    commit: plan.commit,
    createdAt: plan.createdAt,
    services,
    migrations: plan.migrations.map((migration) => {
      const waived = unproved.get(migration.id) ?? before.get(migration.id);
      return { ...migrationRef(migration), ...(waived === undefined ? {} : { unproved: waived }) };
    }),
    heads: plan.heads,
    flags: [...plan.flags],
    functions: {},
    sites: {},
    config: plan.config,
    smoke: plan.smoke,
  };
  return parseManifest({ ...manifest, digest: manifestDigest(manifest) }, `the manifest of ${plan.version}`);
}

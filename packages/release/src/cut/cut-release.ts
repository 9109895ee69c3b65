import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { digestOf, SlipwayError } from "@slipway/kernel";
import { type Migration, migrationRef, readMigrations } from "@slipway/migrations";
import { parse } from "yaml";
import { artifactStore } from "./artifact-store.ts";
import { buildService } from "./build-service.ts";
import { cleanCommit } from "./git.ts";
import {
  listManifests,
  type Manifest,
  manifestDigest,
  readManifest,
  type ServiceRelease,
  writeManifest,
} from "./manifest.ts";
import { previousRelease, refuseVersion, releaseMigrations } from "./plan-cut.ts";
import { type Product, readProduct } from "./product.ts";

/** Where and how to cut. */
export interface CutOptions {
  /** The project's root. */
  readonly root: string;
  /** Last migration to include; all by default. */
  readonly head?: string;
  /** Asked before anything is written; throws when a rollback is not proved. */
  readonly prove?: (migrations: readonly Migration[]) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
  /** Time of the cut, ISO 8601; now by default. */
  readonly createdAt?: string;
}

/**
 * Cuts a release from a clean tree: builds and packs every service, takes the migrations by checksum,
 * writes the manifest last. A service whose content and settings did not change keeps its entry.
 *
 * @throws {SlipwayError} TREE_DIRTY, VERSION_INVALID, RELEASE_EXISTS, PRODUCT_INVALID, BUILD_FAILED,
 *   MIGRATION_INVALID, MIGRATION_ROLLBACK_MISSING, SCHEMA_CHECKSUM_CHANGED.
 */
export async function cutRelease(version: string, options: CutOptions): Promise<Manifest> {
  const { root, head, prove, createdAt = new Date().toISOString() } = options;
  const stacks = join(root, "stacks");
  const releases = listManifests(join(stacks, "releases"));
  refuseVersion(version, releases);
  const commit = await cleanCommit(root);
  const product = readProduct(join(stacks, "product.yaml"));
  const previous = previousRelease(releases, version);
  const migrations = releaseMigrations(
    await readMigrations(resolve(stacks, product.migrations)),
    head,
    previous,
  );
  await prove?.(migrations);
  const services = await buildServices(product, { version, commit, previous, ...options });
  const expands = migrations.filter(({ phase }) => phase === "expand");
  const manifest: Omit<Manifest, "digest"> = {
    schema: 1,
    version,
    commit,
    createdAt,
    services,
    migrations: migrations.map(migrationRef),
    heads: { min: expands.at(-1)?.id ?? null, max: migrations.at(-1)?.id ?? null },
    flags: [],
    functions: {},
    sites: {},
    config: product.config,
    smoke: readSmoke(stacks, product),
  };
  const cut = { ...manifest, digest: manifestDigest(manifest) };
  writeManifest(join(stacks, "releases"), cut);
  return cut;
}

/**
 * Builds the artifacts of an existing release again, for a machine that has only its manifest. What comes
 * out has to be what was cut.
 *
 * @throws {SlipwayError} RELEASE_UNKNOWN, BUILD_FAILED, BUILD_DIFFERS.
 */
export async function rebuildRelease(version: string, options: CutOptions): Promise<Manifest> {
  const stacks = join(options.root, "stacks");
  const folder = join(stacks, "releases");
  const manifest = readManifest(folder, version);
  const product = readProduct(join(stacks, "product.yaml"));
  const store = artifactStore(join(options.root, ".slipway", "artifacts"));
  for (const [name, released] of Object.entries(manifest.services)) {
    const whole = await store.verify(released.artifact, name).then(
      () => true,
      () => false,
    );
    if (whole) continue;
    // An unchanged service was stamped in the release in which it last changed.
    const origin = readManifest(folder, released.version);
    const built = await buildServices(product, {
      ...options,
      version: origin.version,
      commit: origin.commit,
      previous: null,
      only: name,
    });
    const artifact = built[name]?.artifact;
    if (artifact !== released.artifact) {
      throw new SlipwayError("BUILD_DIFFERS", {
        what: `Cannot rebuild service "${name}" of release ${version}`,
        why: `the build gives ${artifact ?? "nothing"}, the release has ${released.artifact}`,
        todo: `Check out commit ${origin.commit} and build there`,
      });
    }
  }
  return manifest;
}

interface BuildServices extends CutOptions {
  readonly version: string;
  readonly commit: string;
  readonly previous: Manifest | null;
  readonly only?: string;
}

async function buildServices(
  product: Product,
  options: BuildServices,
): Promise<Record<string, ServiceRelease>> {
  const { root, version, commit, previous, only, signal, onProgress } = options;
  const store = artifactStore(join(root, ".slipway", "artifacts"));
  // Beside the store, so that a finished artifact is moved and not copied.
  mkdirSync(join(root, ".slipway"), { recursive: true });
  const scratch = mkdtempSync(join(root, ".slipway", "build-"));
  const built: Record<string, ServiceRelease> = {};
  try {
    for (const [name, service] of Object.entries(product.services)) {
      if (only !== undefined && name !== only) continue;
      const { build: _build, ...settings } = service;
      const before = previous?.services[name];
      const keep = before !== undefined && sameSettings(before, settings) ? before : null;
      const result = await buildService(
        { name, service, version, commit, root, scratch, store, signal, onProgress },
        keep?.build ?? null,
      );
      built[name] =
        result === null && keep !== null
          ? keep
          : { version, artifact: result?.artifact ?? "", build: result?.build ?? "", ...settings };
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return built;
}

function sameSettings(
  { version: _version, artifact: _artifact, build: _build, ...before }: ServiceRelease,
  now: object,
): boolean {
  return digestOf(before) === digestOf(now);
}

function readSmoke(stacks: string, product: Product): unknown {
  if (product.smoke === undefined) return null;
  const file = join(stacks, product.smoke);
  if (!existsSync(file))
    throw new SlipwayError("PRODUCT_INVALID", {
      what: "Cannot cut a release",
      why: `smoke names ${file}, which does not exist`,
    });
  return parse(readFileSync(file, "utf8"));
}

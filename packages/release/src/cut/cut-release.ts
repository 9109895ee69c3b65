import { dirname, join, resolve } from "node:path";
import { readMigrations } from "@slipway/migrations";
import { artifactStore } from "../artifact/artifact-store.ts";
import { fileDigest } from "../artifact/file-digest.ts";
import { packArtifact } from "../artifact/pack-artifact.ts";
import { findFlagReferences } from "../flags/find-flag-references.ts";
import { listManifests, type Manifest, type ServiceRelease, writeManifest } from "../manifest/manifest.ts";
import { readProduct, readSmoke } from "../product/read-product.ts";
import { assembleManifest, keptService, serviceSettings } from "./assemble-manifest.ts";
import { buildService } from "./build-service.ts";
import { type CutOptions, type ResolvedBuildOptions, resolveBuildOptions } from "./cut-options.ts";
import { readGitState } from "./git-state.ts";
import { type CutFacts, type CutPlan, planCut, refuseChanges } from "./plan-cut.ts";
import { withScratch } from "./with-scratch.ts";

/**
 * Cuts a release from a clean git tree: builds and packs every service, takes the migrations by checksum, and
 * writes the manifest last, so that a cut which fails or is killed leaves no release. A service whose content and
 * settings did not change keeps its entry.
 *
 * @throws {SlipwayError} as {@link planCut} and {@link applyCut}; PRODUCT_INVALID, MIGRATION_INVALID,
 *   MIGRATION_ROLLBACK_MISSING, MANIFEST_INVALID, MANIFEST_EDITED.
 * @example
 * const manifest = await cutRelease("1.4.0", { root: ".", onProgress: console.error });
 */
export async function cutRelease(version: string, options: CutOptions): Promise<Manifest> {
  return applyCut(planCut(await gatherFacts(version, options)), options);
}

/** Reads everything that the plan of a cut is made from. */
export async function gatherFacts(version: string, options: CutOptions): Promise<CutFacts> {
  const { root, product: file, releases } = resolveBuildOptions(options);
  const product = readProduct(file);
  return {
    version,
    head: options.head,
    allowOlder: options.allowOlder,
    git: await readGitState(root),
    releases: listManifests(releases),
    migrations: await readMigrations(resolve(dirname(file), product.migrations)),
    product,
    smoke: readSmoke(file, product),
  };
}

/**
 * Builds and writes what a plan says.
 *
 * @throws {SlipwayError} BUILD_FAILED, ARTIFACT_UNSAFE, TREE_DIRTY when the tree changed meanwhile, RELEASE_EXISTS, and
 *   what `prove` and `checkSmoke` throw.
 */
export async function applyCut(plan: CutPlan, options: CutOptions): Promise<Manifest> {
  const resolved = resolveBuildOptions(options);
  await warnOfFlags(plan, resolved);
  if (plan.smoke !== null) await options.checkSmoke?.(plan.smoke);
  const unproved = await options.prove?.(plan.migrations);
  return withScratch(async (scratch) => {
    const services: Record<string, ServiceRelease> = {};
    const packed: string[] = [];
    for (const name of Object.keys(plan.services)) {
      const { release, file } = await makeService(plan, name, scratch, resolved);
      services[name] = release;
      if (file !== null) packed.push(file);
    }
    await refuseMovedTree(plan, resolved);
    const manifest = assembleManifest(plan, services, unproved);
    const store = artifactStore(resolved.artifacts);
    for (const file of packed) await store.put(file);
    writeManifest(resolved.releases, manifest);
    return manifest;
  });
}

// Looking at sources cannot be sure, so it refuses nothing.
async function warnOfFlags({ flags }: CutPlan, { root, onProgress }: ResolvedBuildOptions): Promise<void> {
  const { unreferenced, undeclared } = await findFlagReferences(
    root,
    flags.map(({ key }) => key),
  );
  for (const key of unreferenced) onProgress(`warning: flag "${key}" is declared, and no source names it`);
  for (const { key, file, line } of undeclared)
    onProgress(
      `warning: ${file}:${line} asks for flag "${key}", which is not declared: it stays off for ever`,
    );
}

async function makeService(
  plan: CutPlan,
  name: string,
  scratch: string,
  options: ResolvedBuildOptions,
): Promise<{ release: ServiceRelease; file: string | null }> {
  const service = plan.services[name]!;
  const { version, commit } = plan;
  const { folder, build } = await buildService({ ...options, name, service, version, scratch });
  const settings = serviceSettings(service);
  const kept = keptService(plan.previous?.services[name], settings, build);
  if (kept !== null) {
    options.onProgress(`${name}: unchanged since ${kept.version}`);
    return { release: kept, file: null };
  }
  const file = join(scratch, `${name}.tar`);
  await packArtifact(folder, { service: name, version, commit, digest: build }, file);
  const artifact = await fileDigest(file);
  options.onProgress(`${name}: ${artifact}`);
  return { release: { version, artifact, build, ...settings }, file };
}

// What was built has to be what the commit holds, also when somebody worked in the tree meanwhile.
async function refuseMovedTree({ version, commit }: CutPlan, { root }: ResolvedBuildOptions): Promise<void> {
  const git = await readGitState(root);
  refuseChanges(
    version,
    git.commit === commit ? git : { ...git, changes: [`HEAD, now ${git.commit}`, ...git.changes] },
  );
}

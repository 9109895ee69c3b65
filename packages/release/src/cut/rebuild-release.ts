import { join } from "node:path";
import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import { type ArtifactStore, artifactStore } from "../artifact/artifact-store.ts";
import { fileDigest } from "../artifact/file-digest.ts";
import { packArtifact } from "../artifact/pack-artifact.ts";
import { type Manifest, readManifest, type ServiceRelease } from "../manifest/manifest.ts";
import { readProduct } from "../product/read-product.ts";
import { buildService } from "./build-service.ts";
import { type BuildOptions, resolveBuildOptions } from "./cut-options.ts";
import { withScratch } from "./with-scratch.ts";

/**
 * Makes the missing and damaged artifacts of an existing release again, for a machine that has only its manifest.
 * They are built from the present source and stamped with the release's own version and commit; what comes out
 * has to be what was cut.
 *
 * @throws {SlipwayError} RELEASE_UNKNOWN, MANIFEST_INVALID, MANIFEST_EDITED, PRODUCT_INVALID, BUILD_FAILED,
 *   BUILD_DIFFERS.
 * @example
 * await rebuildRelease("1.1.0", { root: "." });
 */
export async function rebuildRelease(version: string, options: BuildOptions): Promise<Manifest> {
  const resolved = resolveBuildOptions(options);
  const manifest = readManifest(resolved.releases, version);
  const store = artifactStore(resolved.artifacts);
  const { services } = readProduct(resolved.product);
  for (const [name, released] of Object.entries(manifest.services)) {
    if (await isWhole(store, name, released)) continue;
    // An unchanged service was stamped in the release in which it last changed.
    const { version, commit } = readManifest(resolved.releases, released.version);
    const what = `Cannot rebuild service "${name}" of release ${manifest.version}`;
    const todo = `Check out commit ${commit} and build there`;
    const service = services[name];
    if (service === undefined) {
      throw new SlipwayError("BUILD_DIFFERS", {
        what,
        why: "stacks/product.yaml has no such service now",
        todo,
      });
    }
    await withScratch(async (scratch) => {
      const { folder, build } = await buildService({ ...resolved, name, service, version, scratch });
      const file = join(scratch, `${name}.tar`);
      await packArtifact(folder, { service: name, version, commit, digest: build }, file);
      const artifact = await fileDigest(file);
      if (build !== released.build || artifact !== released.artifact) {
        const why = `the build gives ${build} packed as ${artifact}, the release has ${released.build} packed as ${released.artifact}`;
        throw new SlipwayError("BUILD_DIFFERS", { what, why, todo });
      }
      await store.put(file);
    });
    resolved.onProgress(`${name}: ${released.artifact}`);
  }
  return manifest;
}

async function isWhole(store: ArtifactStore, name: string, { artifact }: ServiceRelease): Promise<boolean> {
  try {
    await store.verify(artifact, name);
    return true;
  } catch (error) {
    if (isSlipwayError(error)) return false;
    throw error;
  }
}

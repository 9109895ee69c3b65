import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { artifactStore, type Manifest, readManifest } from "@slipway/release";

/** Releases with an artifact that is not in the store. */
export function missingReleases(
  manifests: readonly Pick<Manifest, "version" | "services">[],
  has: (digest: string) => boolean,
): string[] {
  return manifests
    .filter(({ services }) => Object.values(services).some(({ artifact }) => !has(artifact)))
    .map(({ version }) => version);
}

// Reads `slipway plan --output json` and prints the releases on its way that have to be built first.
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { pins } = JSON.parse(readFileSync(0, "utf8")) as { pins?: readonly string[] };
  if (pins === undefined) throw new Error("there is no plan: the error is above");
  const store = artifactStore(".slipway/artifacts");
  const manifests = pins.map((version) => readManifest("stacks/releases", version));
  for (const version of missingReleases(manifests, (digest) => store.has(digest))) process.stdout.write(`${version}\n`);
}

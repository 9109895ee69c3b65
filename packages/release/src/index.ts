export { type ArtifactStore, artifactStore } from "./artifact-store.ts";
export { type CutOptions, cutRelease, rebuildRelease } from "./cut-release.ts";
export { nearest } from "./explain-issues.ts";
export {
  listManifests,
  type Manifest,
  manifestDigest,
  parseManifest,
  readManifest,
  type ServiceRelease,
  writeManifest,
} from "./manifest.ts";
export { manifestJsonSchema, manifestSchema } from "./manifest-schema.ts";
export { type BuildStamp, buildDigest, packArtifact, STAMP_FILE } from "./pack-artifact.ts";
export { type Product, productJsonSchema, readProduct } from "./product.ts";
export {
  parseStackConfig,
  type StackConfig,
  stackConfigJsonSchema,
  stackConfigSchema,
} from "./stack-config.ts";
export { readPin, readStackFile, setPin } from "./stack-file.ts";
export { compareReleases, isVersion } from "./version.ts";

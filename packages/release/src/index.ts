export { type ArtifactStore, artifactStore } from "./artifact/artifact-store.ts";
export { type BuildStamp, buildDigest, packArtifact, STAMP_FILE } from "./artifact/pack-artifact.ts";
export type { BuildOptions, CutOptions } from "./cut/cut-options.ts";
export { applyCut, cutRelease, gatherFacts } from "./cut/cut-release.ts";
export { readGitState } from "./cut/git-state.ts";
export { type CutFacts, type CutPlan, planCut } from "./cut/plan-cut.ts";
export { rebuildRelease } from "./cut/rebuild-release.ts";
export { findFlagReferences } from "./flags/find-flag-references.ts";
export { type FlagDeclaration, flagDeclarationSchema, type ReleaseFlag } from "./flags/flag-schema.ts";
export type { FlagCall, FlagReferences } from "./flags/scan-flags.ts";
export {
  listManifests,
  type Manifest,
  manifestDigest,
  parseManifest,
  readManifest,
  type ServiceRelease,
  type SmokeRef,
  writeManifest,
} from "./manifest/manifest.ts";
export { manifestJsonSchema, manifestSchema } from "./manifest/manifest-schema.ts";
export { type Product, type ProductService, productJsonSchema, productSchema } from "./product/product.ts";
export { readProduct, readSmoke } from "./product/read-product.ts";
export {
  parseStackConfig,
  type StackConfig,
  stackConfigJsonSchema,
  stackConfigSchema,
} from "./stack/stack-config.ts";
export { type PinOptions, presentPin, readPin, readStackFile, setPin } from "./stack/stack-file.ts";
export { stackFileJsonSchema } from "./stack/stack-file-schema.ts";
export { compareReleases, isVersion } from "./version.ts";

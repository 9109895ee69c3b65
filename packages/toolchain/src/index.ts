export { compileCacheFolder } from "./compile-cache-folder.ts";
export { checkToolchain, type ToolchainFinding } from "./doctor.ts";
export { type PostgresBinaries, postgresBinaries, reachableByOthers } from "./postgres-binaries.ts";
export { type EnsurePulumiOptions, ensurePulumi } from "./pulumi/ensure-pulumi.ts";
export type { PulumiCli } from "./pulumi/find-pulumi.ts";
export type { Progress } from "./pulumi/progress.ts";
export { versions } from "./versions.ts";

export { lastKnownFile } from "./last-known-file.ts";
export { type OpenFlagsOptions, openFlags } from "./open-flags.ts";
export { overrideFile } from "./override-file.ts";

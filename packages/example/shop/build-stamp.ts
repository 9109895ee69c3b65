import { readFileSync } from "node:fs";

/** What was stamped beside the bundle when the release was cut; answered at /meta. */
export interface BuildStamp {
  readonly service: string;
  readonly version: string;
  readonly commit: string;
  readonly digest: string;
}

/** Reads the stamp. Without one the service does not start: nobody could say what it is. */
export function readBuildStamp(): BuildStamp {
  return JSON.parse(readFileSync(new URL("./slipway-build.json", import.meta.url), "utf8"));
}

import { readFileSync } from "node:fs";

/** What the build says of itself; `slipway cut` writes it beside the bundle. */
export interface Stamp {
  readonly service: string;
  readonly version: string;
  readonly commit: string;
  readonly digest: string;
}

/** Reads the stamp. A service that does not know what it is must not start. */
export function readStamp(): Stamp {
  return JSON.parse(readFileSync(new URL("./slipway-build.json", import.meta.url), "utf8")) as Stamp;
}

import { installPeer } from "../install-peer.ts";

/** A library that evaluates flags, as the measuring process names it. */
export interface FlagPeer {
  readonly library: "unleash" | "flagd" | "growthbook";
  /** With its version. */
  readonly name: string;
  /** Folder that it is installed in. */
  readonly home: string;
}

const packages = [
  { library: "unleash", name: "unleash-client", version: "6.12.1", more: [] },
  { library: "flagd", name: "@openfeature/flagd-core", version: "4.0.1", more: ["@openfeature/core@1.12.0"] },
  { library: "growthbook", name: "@growthbook/growthbook", version: "1.8.0", more: [] },
] as const;

/** Installs the peers into the cache, once. One that cannot be had is named on stderr and left out. */
export function flagPeers(cache: string): readonly FlagPeer[] {
  return packages.flatMap(({ library, name, version, more }) => {
    const installed = installPeer(cache, name, version, more);
    if ("home" in installed) return [{ library, name: `${name} ${version}`, home: installed.home }];
    console.error(`left out: ${name} ${version}: ${installed.leftOut}`);
    return [];
  });
}

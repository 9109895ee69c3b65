import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

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
    const home = join(cache, `${library}-${version}`);
    const peer = { library, name: `${name} ${version}`, home };
    if (existsSync(join(home, "node_modules", name, "package.json"))) return [peer];
    mkdirSync(home, { recursive: true });
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
    try {
      const args = ["install", "--prefix", home, ...quiet, `${name}@${version}`, ...more];
      execFileSync("npm", args, { stdio: ["ignore", "ignore", "pipe"] });
      return [peer];
    } catch (error) {
      const [why] = (error instanceof Error ? error.message : String(error)).split("\n");
      console.error(`left out: ${peer.name}: npm could not install it: ${why}`);
      return [];
    }
  });
}

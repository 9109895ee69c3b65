import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Where a peer was installed, or why it cannot be had here. */
export type InstalledPeer = { readonly home: string } | { readonly leftOut: string };

/**
 * Installs an npm package into the benchmarks' cache, once, with no script of it run. `more` are packages that it
 * wants beside it, as `name@version`.
 */
export function installPeer(
  cache: string,
  name: string,
  version: string,
  more: readonly string[] = [],
): InstalledPeer {
  const home = join(cache, `${name.replaceAll("/", "+")}-${version}`);
  if (existsSync(join(home, "node_modules", name, "package.json"))) return { home };
  mkdirSync(home, { recursive: true });
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
  const args = ["install", "--prefix", home, ...quiet, `${name}@${version}`, ...more];
  try {
    execFileSync("npm", args, { stdio: ["ignore", "ignore", "pipe"] });
    return { home };
  } catch (error) {
    return { leftOut: `npm could not install it: ${whatNpmSaid(error)}` };
  }
}

// The message repeats the command; npm's own words are on its stderr. Without npm there are none.
function whatNpmSaid(error: unknown): string {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr ?? "") : "";
  const said = stderr
    .split("\n")
    .filter((line) => /^npm (error|ERR!)/.test(line) && !/ log |debug-0/.test(line));
  return said.slice(0, 2).join("; ") || String(error);
}

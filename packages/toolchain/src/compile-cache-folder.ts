import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where Node keeps what it compiled of Slipway's modules: in the user's own folder. `compile-cache.cjs` says the same
 * for programs of our own; others are told by `NODE_COMPILE_CACHE`.
 */
export function compileCacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway", "compiled");
}

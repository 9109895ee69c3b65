import { readFileSync } from "node:fs";
import { type BuildStamp, parseBuildStamp, stampFile, unstamped } from "./build-stamp.ts";

/**
 * Reads the stamp that was put beside the build. Without the file the service runs from its sources, and
 * says so; with a file that cannot be read it does not start. For Node, and Deno with `--allow-read`.
 *
 * @param beside the URL of a module in the same folder: `import.meta.url`.
 * @param service the name to answer with when there is no stamp.
 * @example
 * const contract = createContract({ stamp: readBuildStamp(import.meta.url, "api") });
 */
export function readBuildStamp(beside: string, service: string): BuildStamp {
  let text: string;
  try {
    text = readFileSync(new URL(stampFile, beside), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return unstamped(service);
    throw error;
  }
  return parseBuildStamp(text);
}

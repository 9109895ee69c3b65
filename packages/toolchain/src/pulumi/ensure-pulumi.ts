import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { withProcessLock } from "../process-lock.ts";
import { versions } from "../versions.ts";
import { buildPulumi } from "./build-pulumi.ts";
import { downloadPulumi } from "./download-pulumi.ts";
import { type Found, findInFolder, findOnPath, type PulumiCli } from "./find-pulumi.ts";
import { pulumiBinFolder } from "./pulumi-home.ts";

/** How to look for Pulumi. */
export interface EnsurePulumiOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Finds a Pulumi CLI with a Node language host, or gets one: PATH, the launcher's cache, the official
 * download, a build with Go. Two processes at once do the work once.
 *
 * @throws {SlipwayError} TOOLCHAIN_MISSING, naming every way that was tried and why it did not work.
 */
export async function ensurePulumi(options: EnsurePulumiOptions = {}): Promise<PulumiCli> {
  const { env = process.env, onProgress = () => undefined, signal } = options;
  const folder = pulumiBinFolder(env);
  const tried: string[] = [];
  const accept = (way: string, found: Found): PulumiCli | null => {
    if ("cli" in found) return found.cli;
    tried.push(`${way}: ${found.why}`);
    return null;
  };
  const here =
    accept("on PATH", await findOnPath(env.PATH ?? "")) ??
    accept("in the cache", await findInFolder(folder, "cache"));
  if (here !== null) return here;

  return await withProcessLock(
    join(folder, "..", "..", `${versions.pulumi}.lock`),
    async () => {
      // The process that was waited for may have done the work.
      const made = await findInFolder(folder, "cache");
      if ("cli" in made) return made.cli;
      const ways = [
        {
          way: "download",
          get: () => downloadPulumi(folder, onProgress, env.SLIPWAY_PULUMI_DOWNLOAD_URL, signal),
        },
        { way: "build", get: () => buildPulumi(folder, onProgress, signal) },
      ] as const;
      for (const { way, get } of ways) {
        const failed = await get();
        const found = failed === null ? await findInFolder(folder, way) : { why: failed };
        if (failed !== null) onProgress(`${way} of the Pulumi CLI: ${failed}`);
        const cli = accept(way, found);
        if (cli !== null) return cli;
      }
      throw new SlipwayError("TOOLCHAIN_MISSING", {
        what: `Cannot get the Pulumi CLI ${versions.pulumi}`,
        why: tried.join("; "),
        todo: `Install Pulumi ${versions.pulumi} or later so that pulumi is on PATH, or Go ${versions.go} or later, and run again`,
      });
    },
    { signal, onWait: (owner) => onProgress(`waiting for ${owner}, which is getting the Pulumi CLI`) },
  );
}

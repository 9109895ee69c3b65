import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { withProcessLock } from "../../plain/process-lock.mjs";
import { versions } from "../versions.ts";
import { buildPulumi } from "./build-pulumi.ts";
import { downloadPulumi, OFFICIAL_BASE } from "./download-pulumi.ts";
import { type Found, findPulumiInFolder, findPulumiOnPath, type PulumiCli } from "./find-pulumi.ts";
import type { Progress } from "./progress.ts";
import { pulumiBinFolder } from "./pulumi-home.ts";

/** How to look for Pulumi. */
export interface EnsurePulumiOptions {
  /** Instead of `PULUMI_HOME`, where the CLI is kept. */
  readonly home?: string;
  /** PATH, PULUMI_HOME and SLIPWAY_PULUMI_DOWNLOAD_URL are read from here; default this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Finds a Pulumi CLI with a Node language host, or gets one: PATH, the launcher's cache, the official
 * download, a build with Go. Says nothing when it is there already. Two processes at once do the work once.
 *
 * @throws {SlipwayError} TOOLCHAIN_MISSING, naming every way that was tried and why it did not work;
 * FOLDER_NOT_WRITABLE where nothing can be kept; INTERRUPTED by the signal.
 */
export async function ensurePulumi(options: EnsurePulumiOptions = {}): Promise<PulumiCli> {
  const { home, env: ambient = process.env, onProgress = () => undefined, signal } = options;
  const env = home === undefined ? ambient : { ...ambient, PULUMI_HOME: home };
  const folder = pulumiBinFolder(env);
  const path = env.PATH ?? "";
  const tried: string[] = [];
  const accept = (way: string, found: Found): PulumiCli | null => {
    if ("cli" in found) return found.cli;
    tried.push(`${way}: ${found.why}`);
    return null;
  };
  const here =
    accept("on PATH", await findPulumiOnPath(path)) ??
    accept("in the cache", await findPulumiInFolder(folder, "cache"));
  if (here !== null) return here;

  const get = async (): Promise<PulumiCli> => {
    // The process that was waited for may have done the work.
    const made = await findPulumiInFolder(folder, "cache");
    if ("cli" in made) return made.cli;
    clearPartial(dirname(folder));
    const base = env.SLIPWAY_PULUMI_DOWNLOAD_URL || OFFICIAL_BASE;
    const ways = {
      download: () => downloadPulumi({ folder, base, onProgress, signal }),
      build: () => buildPulumi({ folder, path, onProgress, signal }),
    };
    for (const way of ["download", "build"] as const) {
      const failed = await ways[way]();
      if (failed !== null) onProgress(`No ${way} of Pulumi: ${failed}`);
      const found = failed === null ? await findPulumiInFolder(folder, way) : { why: failed };
      const cli = accept(way, found);
      if (cli !== null) return cli;
    }
    throw new SlipwayError("TOOLCHAIN_MISSING", {
      what: `Cannot get the Pulumi CLI ${versions.pulumi}`,
      why: tried.join("; "),
      todo: `Put pulumi ${versions.pulumi} or later on PATH, or copy ${folder} from a machine of the same kind, or install Go ${versions.go} or later, then run again`,
    });
  };
  makeWritable(dirname(folder));
  try {
    return await withProcessLock(
      join(dirname(folder), "lock"),
      {
        purpose: "gets Pulumi",
        onWait: ({ pid, purpose }) => onProgress(`Waiting for process ${pid}, which ${purpose}`),
        signal,
      },
      get,
    );
  } catch (cause) {
    if (!signal?.aborted) throw cause;
    throw new SlipwayError("INTERRUPTED", {
      what: "Getting Pulumi was interrupted",
      todo: "Run it again: what Go has compiled is kept",
      cause,
    });
  }
}

/** What a process that was killed left behind; only the holder of the lock may do this. */
function clearPartial(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith("partial-")) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new SlipwayError("FOLDER_NOT_WRITABLE", {
      what: "Cannot keep a Pulumi CLI",
      why: `${folder} cannot be made`,
      todo: `Set PULUMI_HOME to a folder that you can write, or put pulumi ${versions.pulumi} or later on PATH`,
      cause,
    });
  }
}

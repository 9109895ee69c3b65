import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runTool } from "../run-tool.ts";
import { versions } from "../versions.ts";
import { type DownloadLimits, defaultLimits, downloadFile, HttpStatusError } from "./download-file.ts";
import { findPulumiInFolder } from "./find-pulumi.ts";
import { type Progress, withElapsed } from "./progress.ts";
import { replaceFolder } from "./replace-folder.ts";

/** The official place. */
export const OFFICIAL_BASE = "https://get.pulumi.com/releases/sdk";

/** What a download needs. */
export interface DownloadOptions {
  /** The folder that the programs go to, whole or not at all. */
  readonly folder: string;
  /** A folder on the web that holds the archives and their checksums. */
  readonly base: string;
  readonly onProgress: Progress;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: DownloadLimits;
}

/** The name of the official archive for a machine, or null where there is none that `tar` unpacks. */
export function archiveName(
  platform: string = process.platform,
  processor: string = process.arch,
): string | null {
  const known = ["linux", "darwin"].includes(platform) && ["x64", "arm64"].includes(processor);
  return known ? `pulumi-v${versions.pulumi}-${platform}-${processor}.tar.gz` : null;
}

/**
 * Downloads the official CLI. The archive has to match the checksum published beside it, where there is one,
 * and its programs have to run before they count.
 *
 * @returns why it is not possible, or null when it is done.
 */
export async function downloadPulumi(options: DownloadOptions): Promise<string | null> {
  const { folder, base, onProgress, signal, limits = defaultLimits } = options;
  const name = archiveName();
  if (name === null) return `there is no archive for ${process.platform} on ${process.arch}`;
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(join(dirname(folder), "partial-"));
  try {
    onProgress(`Downloading Pulumi ${versions.pulumi} from ${new URL(base).host}`);
    const wanted = await publishedChecksum(base, name, scratch, limits, signal);
    if (wanted === "not listed") return `${base} publishes checksums, but none of ${name}`;
    const archive = join(scratch, name);
    let bytes = 0;
    const found = await withElapsed(
      onProgress,
      (elapsed) => `Downloading Pulumi: ${(bytes / 1e6).toFixed(0)} MB, ${elapsed}`,
      () =>
        downloadFile(`${base}/${name}`, archive, limits, {
          signal,
          onBytes: (count) => {
            bytes = count;
          },
        }),
    );
    if (wanted === "not published") onProgress(`${base} publishes no checksums: ${name} has sha256 ${found}`);
    else if (found !== wanted) return `${name} is damaged: its sha256 is ${found}, published is ${wanted}`;
    const { exitCode, stderr } = await runTool("tar", ["-xzf", archive, "-C", scratch], { signal });
    // Two programs write to it at once, tar and what it unpacks with.
    if (exitCode !== 0) return `${name} cannot be unpacked: ${stderr.trim().replace(/\s*\n\s*/g, " ")}`;
    const unpacked = await findPulumiInFolder(join(scratch, "pulumi"), "download");
    if ("why" in unpacked) return `${name} is of no use: ${unpacked.why}`;
    replaceFolder(join(scratch, "pulumi"), folder);
    return null;
  } catch (error) {
    if (signal?.aborted) throw error;
    return `${base}: ${reason(error)}`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function publishedChecksum(
  base: string,
  name: string,
  scratch: string,
  limits: DownloadLimits,
  signal: AbortSignal | undefined,
): Promise<string> {
  const file = join(scratch, "checksums.txt");
  try {
    await downloadFile(`${base}/pulumi-${versions.pulumi}-checksums.txt`, file, limits, { signal });
  } catch (error) {
    // A bucket that may not be listed says 403 for a file that it does not have.
    if (error instanceof HttpStatusError && [403, 404].includes(error.status)) return "not published";
    throw error;
  }
  const lines = readFileSync(file, "utf8").split("\n");
  return (
    lines.map((line) => line.trim().split(/\s+\*?/)).find((words) => words[1] === name)?.[0] ?? "not listed"
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says "fetch failed", and why in its cause.
  return error.cause instanceof Error ? error.cause.message : error.message;
}

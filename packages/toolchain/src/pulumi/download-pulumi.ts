import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { x } from "tinyexec";
import { versions } from "../versions.ts";

const BASE = "https://get.pulumi.com/releases/sdk";
const CONNECT_MS = 8_000;
const TOTAL_MS = 300_000;
const platforms: Readonly<Record<string, string>> = { win32: "windows" };
const processors: Readonly<Record<string, string>> = { x64: "x64", arm64: "arm64" };

/** The name of the official archive for this machine. */
export function archiveName(platform: string = process.platform, processor: string = process.arch): string {
  return `pulumi-v${versions.pulumi}-${platforms[platform] ?? platform}-${processors[processor] ?? processor}.tar.gz`;
}

/**
 * Downloads the official CLI and puts it into the folder, whole or not at all. The archive has to match the
 * published checksums.
 *
 * @param base another place that serves the same files, from SLIPWAY_PULUMI_DOWNLOAD_URL.
 * @returns why it is not possible, or null when it is done.
 */
export async function downloadPulumi(
  folder: string,
  onProgress: (line: string) => void,
  base = BASE,
  signal?: AbortSignal,
): Promise<string | null> {
  const name = archiveName();
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(join(dirname(folder), "download-"));
  try {
    const wanted = await checksum(`${base}/pulumi-${versions.pulumi}-checksums.txt`, name, signal);
    if (wanted === null) return `${base} does not list ${name}`;
    onProgress(`downloading the Pulumi CLI ${versions.pulumi}`);
    const archive = join(scratch, name);
    const response = await get(`${base}/${name}`, TOTAL_MS, signal);
    if (response.body === null) return `${base}/${name} is empty`;
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(archive));
    const hash = createHash("sha256");
    await pipeline(createReadStream(archive), hash);
    const found = hash.digest("hex");
    if (found !== wanted) return `${name} is damaged: its checksum is ${found}, published is ${wanted}`;
    const { exitCode, stderr } = await x("tar", ["-xzf", archive, "-C", scratch]);
    if (exitCode !== 0) return `${name} cannot be unpacked: ${stderr.trim()}`;
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(scratch, "pulumi"), folder);
    return null;
  } catch (error) {
    if (signal?.aborted) throw error;
    return `${base} cannot be reached: ${reason(error)}`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function checksum(url: string, name: string, signal: AbortSignal | undefined): Promise<string | null> {
  const text = await (await get(url, CONNECT_MS, signal)).text();
  return (
    text
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .find((words) => words[1] === name)?.[0] ?? null
  );
}

async function get(url: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<Response> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, {
    signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

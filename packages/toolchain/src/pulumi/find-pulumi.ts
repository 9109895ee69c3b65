import { realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import compare from "semver/functions/compare.js";
import major from "semver/functions/major.js";
import valid from "semver/functions/valid.js";
import { findOnPath, isProgram } from "../find-on-path.ts";
import { runTool } from "../run-tool.ts";
import { versions } from "../versions.ts";
import { LANGUAGE_HOST, PULUMI } from "./pulumi-home.ts";

/** A Pulumi CLI that can run Slipway's stacks. */
export interface PulumiCli {
  readonly binary: string;
  readonly version: string;
  /** Folder of the CLI; the language host is there too, or on PATH. */
  readonly binFolder: string;
  readonly source: "path" | "cache" | "download" | "build";
}

/** A place that was looked at: the CLI, or why it is not usable. */
export type Found = { readonly cli: PulumiCli } | { readonly why: string };

/**
 * Looks for the first CLI on PATH that is new enough. npm's launcher is called `pulumi` too; it only starts
 * what the cache holds, or downloads, so it does not count.
 */
export async function findPulumiOnPath(path: string): Promise<Found> {
  const refused: string[] = [];
  for (const binary of findOnPath(PULUMI, path)) {
    if (isLauncher(binary)) continue;
    const beside = [dirname(binary), dirname(realpathSync(binary))];
    const hasHost =
      beside.some((folder) => isProgram(join(folder, LANGUAGE_HOST))) ||
      findOnPath(LANGUAGE_HOST, path).length > 0;
    const found = hasHost
      ? await usable(binary, "path")
      : { why: `${binary} has no ${LANGUAGE_HOST} beside it or on PATH` };
    if ("cli" in found) return found;
    refused.push(found.why);
  }
  return { why: refused.length > 0 ? refused.join(", ") : "none" };
}

/** Looks for a CLI with its language host in a folder. */
export async function findPulumiInFolder(folder: string, source: PulumiCli["source"]): Promise<Found> {
  const binary = join(folder, PULUMI);
  if (!isProgram(binary)) return { why: `none in ${folder}` };
  if (!isProgram(join(folder, LANGUAGE_HOST))) return { why: `${folder} has no ${LANGUAGE_HOST}` };
  return await usable(binary, source);
}

async function usable(binary: string, source: PulumiCli["source"]): Promise<Found> {
  const version = await versionOf(binary);
  if (version === null) return { why: `${binary} does not run` };
  if (compare(version, versions.pulumi) < 0)
    return { why: `${binary} is ${version}, older than ${versions.pulumi}` };
  if (major(version) !== major(versions.pulumi))
    return { why: `${binary} is ${version}, which Slipway does not know yet` };
  return { cli: { binary, version, binFolder: dirname(binary), source } };
}

async function versionOf(binary: string): Promise<string | null> {
  try {
    const { exitCode, stdout } = await runTool(binary, ["version"], {
      timeoutMs: 20_000,
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return exitCode === 0 ? valid(stdout.trim()) : null;
  } catch {
    // Not for this processor, or damaged: the caller tries the next place.
    return null;
  }
}

const isLauncher = (binary: string): boolean =>
  realpathSync(binary).includes(`${sep}node_modules${sep}`) || binary.includes(`${sep}node_modules${sep}`);

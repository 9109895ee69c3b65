import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { processIdentity } from "../processes/process-identity.ts";

/** What `postmaster.pid` of a data folder and the process that it names come to. */
export type Postmaster =
  /** No server, and no trace of one. */
  | { readonly state: "none" }
  | { readonly state: "running"; readonly pid: number; readonly ready: boolean }
  /** The server died without cleaning up; `pid` may belong to another process today. */
  | { readonly state: "stale"; readonly pid: number };

/** Looks for the server of a data folder. */
export function findPostmaster(data: string): Postmaster {
  let lines: string[];
  try {
    lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { state: "none" };
    throw error;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return { state: "none" };
  if (processIdentity(pid) === null) return { state: "stale", pid };
  if (isOtherProgram(commandLine(pid), pid, data)) return { state: "stale", pid };
  return { state: "running", pid, ready: lines[7]?.trim() === "ready" };
}

/**
 * Whether a living process is certainly not the server of this data folder: no Postgres at all, a child of
 * one, or a server that another data folder names as its own. In doubt it is taken for the server, since two
 * servers on one data folder would destroy it.
 */
export function isOtherProgram(command: readonly string[], pid: number, data: string): boolean {
  const [program = "", ...args] = command;
  if (!basename(program).startsWith("postgres")) return true;
  if (program.startsWith("postgres:")) return true;
  const theirs = args[args.indexOf("-D") + 1];
  return theirs !== undefined && theirs !== data && namesAsOwn(theirs, pid);
}

function namesAsOwn(data: string, pid: number): boolean {
  try {
    return Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]) === pid;
  } catch {
    // Nothing to be seen there is not a certain answer.
    return false;
  }
}

function commandLine(pid: number): string[] {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .split(" ");
  } catch {
    // It ended between the two looks.
    return [];
  }
}

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process that cannot be taken for a later one with the same number. */
export interface ProcessHandle {
  readonly pid: number;
  /** What {@link processIdentity} said of the number while the process was known to be the right one. */
  readonly identity: string;
}

/**
 * Tells a process from every other one that has, had or will have its number: the boot and the time of its
 * start, as the operating system tells them. Null when no such process lives; a process that has ended and
 * whose parent has not noticed yet (a zombie) does not live.
 */
export function processIdentity(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const boot = bootId();
  if (boot === null) return identityFromPs(pid);
  const stat = readText(`/proc/${pid}/stat`);
  return stat === null ? null : identityFromStat(boot, stat);
}

/** Whether the very process that the handle names is alive. */
export function isAlive({ pid, identity }: ProcessHandle): boolean {
  return processIdentity(pid) === identity;
}

/**
 * The identity in the words of `/proc/<pid>/stat`, or null for a process that has ended.
 *
 * @example
 * identityFromStat("b0", "42 (my (odd) name) S 1 42 …"); // "b0/<field 22>"
 */
export function identityFromStat(boot: string, stat: string): string | null {
  const fields = statFields(stat);
  const started = fields[19];
  return started === undefined || isEnded(fields[0]) ? null : `${boot}/${started}`;
}

/** The identity in the words of `ps -o lstart=`, for systems without `/proc`. */
export function identityFromStartTime(lstart: string): string {
  return `ps/${lstart.trim().split(/\s+/).join(" ")}`;
}

/**
 * The living members of a process group whose first process was `leader`. A group keeps its number as long as
 * one member lives, so when the number names another process today, the group is over.
 */
export function livingGroup(leader: ProcessHandle): number[] {
  const now = processIdentity(leader.pid);
  if (now !== null && now !== leader.identity) return [];
  const boot = bootId();
  // Without /proc only the leader is looked for: a number from before a reboot could not be told from a new one.
  if (boot === null) return now === null ? [] : [leader.pid];
  if (!leader.identity.startsWith(`${boot}/`)) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const [state, , group] = statFields(readText(`/proc/${name}/stat`) ?? "");
      return Number(group) === leader.pid && !isEnded(state);
    })
    .map(Number);
}

// The name in the second field may hold spaces and parentheses; what follows the last one is regular.
function statFields(stat: string): string[] {
  return stat
    .slice(stat.lastIndexOf(")") + 2)
    .trimEnd()
    .split(" ");
}

function isEnded(state: string | undefined): boolean {
  return state === undefined || state === "" || state === "Z" || state === "X";
}

let boot: string | null | undefined;

function bootId(): string | null {
  boot ??= readText("/proc/self/stat") === null ? null : readText("/proc/sys/kernel/random/boot_id");
  return boot === null ? null : boot.trim();
}

function identityFromPs(pid: number): string | null {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    const [state = "", ...lstart] = line.split(/\s+/);
    return lstart.length === 0 || state.startsWith("Z") ? null : identityFromStartTime(lstart.join(" "));
  } catch {
    // ps ends with 1 when there is no such process.
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process ended meanwhile, or this system has no /proc: both mean "not to be found here".
    return null;
  }
}

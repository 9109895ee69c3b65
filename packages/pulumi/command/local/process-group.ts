import { type ChildProcess, spawn } from "node:child_process";

/** How long a process may take to end after it was asked to, before it is killed. */
export const GRACE_MS = 2_000;
/** How long what was killed may take to be gone: it has no say, but the system may have other things to do first. */
const KILLED_MS = 1_000;
const LOOK_EVERY_MS = 25;

export interface GroupOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: "pipe" | "ignore";
}

const live = new Set<ChildProcess>();
// The last resort, when this process ends without having waited: nobody else knows of the groups.
process.on("exit", () => {
  for (const child of live) signalGroup(child, "SIGKILL");
});

/** Starts a program as the leader of a process group of its own, so that everything it starts can be ended with it. */
export function startGroup(argv: readonly string[], options: GroupOptions): ChildProcess {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: [options.stdin, "pipe", "pipe"],
    detached: true,
  });
  live.add(child);
  child.once("close", () => live.delete(child));
  return child;
}

/** Asks a whole group to end (SIGTERM), and kills what is left of it after the grace. Resolves when it is gone. */
export async function endGroup(child: ChildProcess, graceMs = GRACE_MS): Promise<void> {
  signalGroup(child, "SIGTERM");
  if (await isGone(child, graceMs)) return;
  signalGroup(child, "SIGKILL");
  await isGone(child, KILLED_MS);
}

/** Waits for the end of a group, no longer than `ms`. */
async function isGone(child: ChildProcess, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (signalGroup(child, 0)) {
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}

/** @returns whether the group still has a member. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    // ESRCH: no member is left. EPERM cannot be acted on either.
    return false;
  }
}

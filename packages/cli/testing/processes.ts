import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { OpenEnvironment } from "@slipway/environment";

/** A process of this machine, as `ps` shows it. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes but the dead ones that nobody has fetched yet. */
export function processes(): SeenProcess[] {
  const lines = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,stat=,command="], { encoding: "utf8" });
  return lines.split("\n").flatMap((line) => {
    const [, pid, parent, state = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state.startsWith("Z")
      ? []
      : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** The processes that a process started, and theirs. */
export function descendants(root: number, all = processes()): SeenProcess[] {
  const children = all.filter(({ parent }) => parent === root);
  return children.flatMap((child) => [child, ...descendants(child.pid, all)]);
}

/** Of the descendants of a run, as far as they have started: Pulumi's command and Slipway's plugin. */
export function pulumiProcesses(below: readonly SeenProcess[]): {
  cli: number | undefined;
  provider: number | undefined;
} {
  const pid = (pattern: RegExp) => below.find(({ command }) => pattern.test(command))?.pid;
  return { cli: pid(/^\S*\/pulumi up /), provider: pid(/provider\/main\.mjs/) };
}

/** The pid of an environment's embedded Postgres, told by itself. */
export async function postmasterOf(environment: OpenEnvironment): Promise<number> {
  const db = await environment.database();
  const rows = await db?.query<{ file: string }>("select pg_read_file('postmaster.pid') as file");
  return Number(rows?.[0]?.file.split("\n")[0]);
}

/** The pid of an environment's router. */
export function routerOf(environment: OpenEnvironment): number {
  const { state } = environment.folders;
  const router = processes().find(
    ({ command }) => command.includes("router/main.ts") && command.includes(state),
  );
  if (router === undefined) throw new Error(`no router runs for ${state}`);
  return router.pid;
}

/** Ends a process as a crash would, and waits until it is gone. One that is gone, or never came, is no error. */
export async function kill9(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime, which is a moment to test as well.
    return;
  }
  await gone(pid);
}

/** Waits until a process is gone. */
export async function gone(pid: number | undefined, withinMs = 100_000): Promise<void> {
  if (pid === undefined) return;
  const deadline = performance.now() + withinMs;
  while (processes().some((process) => process.pid === pid)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} is still there after ${withinMs} ms`);
    await sleep(20);
  }
}

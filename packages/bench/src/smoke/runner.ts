import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A smoke tool, ready to be run as a process of its own. */
export interface Runner {
  readonly name: string;
  /** The command line that checks the three endpoints at a URL. Files that it needs are written first. */
  readonly command: (url: string) => readonly string[];
  readonly folder?: string;
}

/** Runs a tool once and gives the milliseconds of the whole process. A run that fails proves nothing, and throws. */
export async function timeRun({ name, command, folder }: Runner, url: string): Promise<number> {
  const [program, ...args] = command(url);
  const options = folder === undefined ? {} : { cwd: folder };
  const started = performance.now();
  // Nothing is read of what it says: reading would be measured too.
  const child = spawn(program!, args, { stdio: "ignore", ...options });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  const ms = performance.now() - started;
  if (code === 0) return ms;
  const { stdout, stderr } = spawnSync(program!, args, { encoding: "utf8", ...options });
  throw new Error(
    `${name} ended with ${code}; run again, it says: ${stdout.slice(-400)}${stderr.slice(-400)}`,
  );
}

/** The most memory that a process held, in megabytes, looked at every few milliseconds until it ends. */
export async function peakMegabytes({ command }: Runner, url: string): Promise<number> {
  const [program, ...args] = command(url);
  const child = spawn(program!, args, { stdio: "ignore" });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, highWaterMark(child.pid));
  }, 5);
  await new Promise((resolve) => child.once("close", resolve));
  clearInterval(look);
  return peak;
}

function highWaterMark(pid: number | undefined): number {
  try {
    const [, kilobytes = "0"] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    // The process has just ended: what was seen before stands.
    return 0;
  }
}

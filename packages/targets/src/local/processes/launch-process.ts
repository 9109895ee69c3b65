import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import type { Clock } from "@slipway/kernel";
import { newestLaunch, pidFile } from "./launch-file.ts";
import type { ProcessHandle } from "./process-identity.ts";

/** A program to start so that it outlives its starter. */
export interface DetachedProgram {
  /** Folder of the launch files. */
  readonly folder: string;
  /** The launch that was begun for it. */
  readonly number: number;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Descriptor for stdout and stderr; closed here once the program has its own. */
  readonly log: number;
}

/** How a started program came out, as far as it is known by now. */
export type LaunchOutcome =
  | { readonly started: true; readonly handle: ProcessHandle; exitReason(): string | null }
  | { readonly started: false; readonly exitCode: number | null; readonly reason: string };

/** The exit code of a process that found its launch closed or taken. */
export const LAUNCH_TAKEN = 97;

const START_MS = 10_000;

/*
 * Runs in a shell because only there can the process that becomes the program write its own number first,
 * exclusively (`set -C`). Values come as arguments, never as part of the script.
 */
const script = `set -C
slipway_pid_file=$1
shift
if [ -r /proc/sys/kernel/random/boot_id ] && [ -r "/proc/$$/stat" ]; then
  IFS= read -r slipway_boot </proc/sys/kernel/random/boot_id
  IFS= read -r slipway_start <"/proc/$$/stat"
else
  slipway_boot=ps
  slipway_start=$(LC_ALL=C TZ=UTC ps -o lstart= -p "$$")
fi
printf '%s\\n' "$$" "$slipway_boot" "$slipway_start" >"$slipway_pid_file" || exit ${LAUNCH_TAKEN}
exec "$@"`;

/** The argv of a program that writes its pid file before it begins. */
export function launchCommand({
  folder,
  number,
  command,
}: Pick<DetachedProgram, "folder" | "number" | "command">) {
  return ["/bin/sh", "-c", script, "slipway", pidFile(folder, number), ...command] as const;
}

/**
 * Starts a program in a session of its own and waits until it has written its pid file, which takes
 * milliseconds. Whether the program then works is for the caller to find out.
 */
export async function launchProcess(program: DetachedProgram, clock: Clock): Promise<LaunchOutcome> {
  const [shell, ...args] = launchCommand(program);
  let child: ChildProcess;
  try {
    child = spawn(shell, args, {
      cwd: program.cwd,
      env: program.env,
      detached: true,
      stdio: ["ignore", program.log, program.log],
    });
  } catch (error) {
    return { started: false, exitCode: null, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    closeSync(program.log);
  }
  child.unref();
  let ended: { code: number | null; reason: string } | null = null;
  child.once("error", (error) => {
    ended = { code: null, reason: error.message };
  });
  child.once("exit", (code, signal) => {
    ended = { code, reason: signal === null ? `exit code ${code}` : `signal ${signal}` };
  });
  const exit = () => ended;
  const deadline = clock.now() + START_MS;
  for (;;) {
    const failed = exit();
    const launch = newestLaunch(program.folder);
    if (launch !== null && "handle" in launch.process && launch.process.handle.pid === child.pid) {
      return { started: true, handle: launch.process.handle, exitReason: () => exit()?.reason ?? null };
    }
    if (failed !== null) return { started: false, exitCode: failed.code, reason: failed.reason };
    if (clock.now() > deadline)
      return { started: false, exitCode: null, reason: "the process did not begin" };
    await clock.sleep(5);
  }
}

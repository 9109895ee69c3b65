import { type Clock, SlipwayError } from "@slipway/kernel";
import { isAlive, livingGroup, type ProcessHandle } from "./process-identity.ts";

const POLL_MS = 20;
const KILL_MS = 5000;

/**
 * Ends a process and the group it leads: SIGTERM, after the grace SIGKILL, and back only when none of them
 * lives. A number that belongs to another process today is never signalled.
 *
 * @param what the thing that ends, for the message: `instance "api-1.1.0-3fa9c1d2"`.
 * @throws {SlipwayError} SERVICE_NOT_STOPPED when the operating system does not end it.
 */
export async function endProcess(
  what: string,
  handle: ProcessHandle,
  {
    graceMs,
    clock,
    signal,
  }: { readonly graceMs: number; readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  signalGroup(handle, "SIGTERM");
  if (await waitUntilGone(handle, graceMs, clock, signal)) return;
  signalGroup(handle, "SIGKILL");
  if (await waitUntilGone(handle, KILL_MS, clock, signal)) return;
  throw new SlipwayError("SERVICE_NOT_STOPPED", {
    what: `Cannot stop ${what}`,
    why: `process ${handle.pid} is still there ${KILL_MS} ms after SIGKILL`,
    todo: `Look at process ${handle.pid}, then run again`,
  });
}

function isGone(handle: ProcessHandle): boolean {
  return !isAlive(handle) && livingGroup(handle).length === 0;
}

async function waitUntilGone(
  handle: ProcessHandle,
  ms: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = clock.now() + ms;
  for (;;) {
    if (isGone(handle)) return true;
    if (clock.now() >= deadline) return false;
    await clock.sleep(POLL_MS, signal);
  }
}

function signalGroup(handle: ProcessHandle, name: "SIGTERM" | "SIGKILL"): void {
  if (isGone(handle)) return;
  try {
    process.kill(-handle.pid, name);
  } catch (error) {
    // It ended between the look and the signal, which is what was wanted; anything else shows in the wait.
    if (error instanceof Error && "code" in error && error.code !== "ESRCH" && error.code !== "EPERM")
      throw error;
  }
}

import type { Clock } from "@slipway/kernel";
import { endProcess } from "./end-process.ts";
import { closeLaunch, forgetLaunch, newestLaunch } from "./launch-file.ts";

/** How to stop. */
export interface StopOptions {
  readonly graceMs: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Stops this launch only: a newer one belongs to somebody else. */
  readonly number?: number | undefined;
}

/**
 * Makes sure that nothing runs for the newest launch of a folder, nor ever will: a process that has not come
 * yet is locked out, one that runs is ended with its group, and what a dead one left of its group too.
 *
 * @param what for messages: `instance "api-1.1.0-3fa9c1d2"`.
 * @throws {SlipwayError} SERVICE_NOT_STOPPED.
 */
export async function stopLaunch(what: string, folder: string, options: StopOptions): Promise<void> {
  const launch = newestLaunch(folder);
  if (launch === null) return;
  // Stopped before: what was left of it then was ended then.
  if (launch.record === null && ["closed", "dead"].includes(launch.process.state)) return;
  if (options.number !== undefined && options.number !== launch.number) return;
  const process = await closeLaunch(folder, launch.number, options.clock);
  if ("handle" in process) await endProcess(what, process.handle, options);
  forgetLaunch(folder, launch.number);
}

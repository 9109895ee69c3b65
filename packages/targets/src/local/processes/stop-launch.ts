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
 * @returns the number of the launch that is over, 0 when there was none.
 * @throws {SlipwayError} SERVICE_NOT_STOPPED.
 */
export async function stopLaunch(what: string, folder: string, options: StopOptions): Promise<number> {
  const launch = newestLaunch(folder);
  if (launch === null) return 0;
  // Stopped before: what was left of it then was ended then.
  if (launch.record === null && ["closed", "dead"].includes(launch.process.state)) return launch.number;
  if (options.number !== undefined && options.number !== launch.number) return options.number;
  const process = await closeLaunch(folder, launch.number, options.clock);
  if ("handle" in process) await endProcess(what, process.handle, options);
  forgetLaunch(folder, launch.number);
  return launch.number;
}

import { mkdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, SlipwayError } from "@slipway/kernel";
import { portInUse } from "../port-in-use.ts";
import { beginLaunch, newestLaunch } from "../processes/launch-file.ts";
import { launchProcess } from "../processes/launch-process.ts";
import { openLog, tailLog } from "../processes/log-file.ts";
import { stopLaunch } from "../processes/stop-launch.ts";
import { ROUTER_PORT_TAKEN, type RouterAccess, readRouterAccess } from "./router-files.ts";

const LISTEN_MS = 15_000;
const POLL_MS = 10;
const LOG_LINES = 10;

/** The router that runs for a folder, or null; one that is not listening yet counts as none. */
export function runningRouter(home: string): RouterAccess | null {
  const launch = newestLaunch(home);
  return launch?.process.state === "alive" ? readRouterAccess(home, launch.number) : null;
}

/**
 * Makes sure that a router listens at a port, and gives access to it. One that listens at another port is
 * replaced: the port is the stack's configuration.
 *
 * @throws {SlipwayError} PORT_IN_USE, ROUTER_FAILED.
 */
export async function ensureRouter(
  home: string,
  port: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<RouterAccess> {
  const running = runningRouter(home);
  if (running !== null && running.address === `http://127.0.0.1:${port}`) return running;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  // Also one that was begun and does not listen: its starter is gone, for there is one writer per environment.
  const over = await stopRouter(home, clock);
  const number = beginLaunch(home, over, { port, startedAt: new Date(clock.now()).toISOString() });
  if (number === null) throw routerFailed("another run is starting it", home);
  try {
    return await startRouter(home, number, port, clock, signal);
  } catch (error) {
    await stopLaunch("the router", home, { graceMs: 0, clock, number });
    throw error;
  }
}

/** Ends the router, with a few seconds for the requests under way. */
export function stopRouter(home: string, clock: Clock): Promise<number> {
  return stopLaunch("the router", home, { graceMs: 6000, clock });
}

async function startRouter(home: string, number: number, port: number, clock: Clock, signal?: AbortSignal) {
  const program = fileURLToPath(new URL(`./main${extname(import.meta.url)}`, import.meta.url));
  const outcome = await launchProcess(
    {
      folder: home,
      number,
      command: [process.execPath, program, home, String(number), String(port)],
      cwd: home,
      env: { PATH: process.env.PATH ?? "" },
      log: openLog(join(home, "log")),
    },
    clock,
  );
  if (!outcome.started) throw routerFailed(outcome.reason, home);
  const deadline = clock.now() + LISTEN_MS;
  for (;;) {
    const access = readRouterAccess(home, number);
    if (access !== null) return access;
    const ended = outcome.exitReason();
    if (ended === `exit code ${ROUTER_PORT_TAKEN}`) throw portInUse(port);
    if (ended !== null) throw routerFailed(ended, home);
    if (clock.now() > deadline) throw routerFailed(`it did not listen within ${LISTEN_MS} ms`, home);
    await clock.sleep(POLL_MS, signal);
  }
}

function routerFailed(why: string, home: string): SlipwayError {
  return new SlipwayError("ROUTER_FAILED", {
    what: "Cannot start the router",
    why: `${why}\n${tailLog(join(home, "log"), LOG_LINES)}`.trimEnd(),
  });
}

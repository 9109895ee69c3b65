import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Clock, createRedactor, SlipwayError, systemClock } from "@slipway/kernel";
import type { Target, TrafficState } from "../target.ts";
import { portInUse } from "./port-in-use.ts";
import { isPortFree } from "./processes/choose-port.ts";
import { tailLog } from "./processes/log-file.ts";
import { stopLaunch } from "./processes/stop-launch.ts";
import { askRouter, sendRoutes } from "./router/router-client.ts";
import { readStoredRoutes, routerFolder } from "./router/router-files.ts";
import { ensureRouter, runningRouter, stopRouter } from "./router/router-process.ts";
import { instanceFolder, instanceIds, listInstances } from "./services/instance-folder.ts";
import { startInstance } from "./services/start-instance.ts";

/** Where a local environment lives. */
export interface LocalTargetOptions {
  /** The environment's folder: instances, logs and the router's state. */
  readonly folder: string;
  /** The router's public port, on loopback. */
  readonly port: number;
  /** The artifact store, a folder of `<hex>.tar` files. */
  readonly artifacts: string;
  readonly clock?: Clock;
}

const DRAIN_POLL_MS = 25;
const DOWN_GRACE_MS = 10_000;

/**
 * The target on this machine: services are processes of their own that outlive their starter, behind one
 * router process. What runs is written in the environment's folder, and every process is known by its number
 * and the time of its start.
 *
 * @example
 * const target = localTarget({ folder: ".slipway/dev", port: 8080, artifacts: ".slipway/artifacts" });
 * const api = await target.start(spec);
 * await target.route([{ service: "api", path: "/", backends: [{ instance: api.id, address: api.address, weight: 100 }] }]);
 */
export function localTarget(options: LocalTargetOptions): Target {
  const { port, clock = systemClock } = options;
  const folder = resolve(options.folder);
  const home = { folder, artifacts: resolve(options.artifacts), clock };
  const router = routerFolder(folder);

  async function traffic(signal?: AbortSignal): Promise<TrafficState> {
    const access = runningRouter(router);
    if (access !== null) return askRouter(access, signal);
    return { running: false, address: null, routes: storedRoutes(router), counters: {} };
  }

  return {
    kind: "local",
    async preflight() {
      refuseReadOnly(folder);
      const ours = runningRouter(router)?.address === `http://127.0.0.1:${port}`;
      if (!ours && !(await isPortFree(port))) throw portInUse(port);
    },
    instances: async () => listInstances(folder),
    start: (spec, signal) => startInstance(home, spec, signal),
    async stop(id, { graceMs }, signal) {
      await stopLaunch(`instance "${id}"`, instanceFolder(folder, id), { graceMs, clock, signal });
    },
    logs: async (id, lines) =>
      createRedactor().redact(tailLog(join(instanceFolder(folder, id), "log"), lines)),
    traffic: () => traffic(),
    async route(routes, signal) {
      return sendRoutes(await ensureRouter(router, port, clock, signal), routes, signal);
    },
    async drain(id, { deadlineMs }, signal) {
      const deadline = clock.now() + deadlineMs;
      for (;;) {
        const left = (await traffic(signal)).counters[id]?.inflight ?? 0;
        if (left === 0 || clock.now() >= deadline) return left;
        await clock.sleep(DRAIN_POLL_MS, signal);
      }
    },
    async down() {
      await stopRouter(router, clock);
      const stop = (id: string) =>
        stopLaunch(`instance "${id}"`, instanceFolder(folder, id), { graceMs: DOWN_GRACE_MS, clock });
      await Promise.all(instanceIds(folder).map(stop));
    },
  };
}

function storedRoutes(router: string) {
  try {
    return readStoredRoutes(router);
  } catch {
    // Damaged: a router that starts with it serves nothing until it is told again.
    return [];
  }
}

// The nearest folder that exists decides: nothing is made before a run is allowed to.
function refuseReadOnly(folder: string): void {
  let at = folder;
  while (!existsSync(at) && at !== dirname(at)) at = dirname(at);
  let why: string;
  try {
    if (statSync(at).isDirectory()) {
      accessSync(at, constants.W_OK | constants.X_OK);
      return;
    }
    why = `${at} is not a folder`;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  throw new SlipwayError("FOLDER_NOT_WRITABLE", {
    what: `Cannot use ${folder}`,
    why,
    todo: `Make ${at} writable`,
  });
}

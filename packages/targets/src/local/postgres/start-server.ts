import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { type Clock, SlipwayError } from "@slipway/kernel";
import type { PostgresBinaries } from "@slipway/toolchain";
import { portInUse } from "../port-in-use.ts";
import { isPortFree } from "../processes/choose-port.ts";
import { openLog, tailLog } from "../processes/log-file.ts";
import type { Cluster } from "./cluster.ts";
import { findPostmaster } from "./postmaster.ts";
import { serverArguments } from "./server-arguments.ts";

const READY_MS = 120_000;
const LINGER_MS = 10_000;
const POLL_MS = 20;
const LOG_LINES = 15;

/**
 * Makes sure that the server of a cluster runs and takes connections. Postgres itself lets only one server
 * into a data folder, so whoever comes second waits for the first one's.
 *
 * @throws {SlipwayError} PORT_IN_USE, DATABASE_UNREACHABLE.
 */
export async function startServer(
  cluster: Cluster,
  binaries: PostgresBinaries,
  settings: Readonly<Record<string, string>>,
  clock: Clock,
): Promise<void> {
  const begun = clock.now();
  // The children of a server that was killed hold on to its port and its data for a moment.
  const lingers = (state: string) => state === "stale" && clock.now() - begun <= LINGER_MS;
  let child: ServerProcess | null = null;
  for (;;) {
    const server = findPostmaster(cluster.data);
    if (server.state === "running") {
      if (server.ready) return;
      if (clock.now() - begun > READY_MS)
        throw unreachable(cluster, `process ${server.pid} takes no connections`);
    } else if (child === null) {
      if (await isPortFree(cluster.port)) child = spawnServer(cluster, binaries, settings, server);
      else if (findPostmaster(cluster.data).state !== "running" && !lingers(server.state)) {
        throw portInUse(
          cluster.port,
          "The embedded database keeps its port: end that process, then run again",
        );
      }
    } else if (child.ended() !== null) {
      if (!lingers(server.state)) throw unreachable(cluster, child.ended());
      child = null;
    }
    await clock.sleep(POLL_MS);
  }
}

interface ServerProcess {
  /** How it ended, or null while it runs. */
  ended(): string | null;
}

function spawnServer(
  cluster: Cluster,
  { postgres, runAs }: PostgresBinaries,
  settings: Readonly<Record<string, string>>,
  before: { state: string; pid?: number },
): ServerProcess {
  const log = openLog(cluster.log);
  let ended: string | null = null;
  try {
    const child = spawn(postgres, serverArguments(cluster.data, cluster.port, settings), {
      ...runAs,
      cwd: cluster.data,
      detached: true,
      stdio: ["ignore", log, log],
      env: {
        PATH: process.env.PATH,
        LC_ALL: "C",
        // A dead server's postmaster.pid may carry the number of a living process by now, and Postgres would
        // take that for the server. It believes us that it is not: this variable names a process to disregard.
        // Better than removing the file, which also keeps a dead server's last children from being overlooked.
        ...(before.state === "stale" ? { PG_GRANDPARENT_PID: String(before.pid) } : {}),
      },
    });
    child.unref();
    child.once("error", (error) => {
      ended = error.message;
    });
    child.once("exit", (code, signal) => {
      ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
    });
  } finally {
    closeSync(log);
  }
  return { ended: () => ended };
}

function unreachable(cluster: Cluster, why: string | null): SlipwayError {
  return new SlipwayError("DATABASE_UNREACHABLE", {
    what: "Cannot start the embedded database",
    why: `${why}\n${tailLog(cluster.log, LOG_LINES)}`.trimEnd(),
    todo: `Read ${cluster.log}`,
  });
}

import { resolve } from "node:path";
import { type Clock, SlipwayError, systemClock } from "@slipway/kernel";
import { type PostgresBinaries, postgresBinaries } from "@slipway/toolchain";
import { processIdentity } from "../processes/process-identity.ts";
import { type Cluster, createCluster, findCluster } from "./cluster.ts";
import { findPostmaster } from "./postmaster.ts";
import { startServer } from "./start-server.ts";

/** Where an embedded Postgres keeps its data, and what its server is told. */
export interface EmbeddedPostgresOptions {
  readonly folder: string;
  /** Server settings, for example `{ fsync: "off" }` in tests. They apply when the server is started. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called with a sentence worth telling: once, when the data has to lie outside the folder. */
  readonly notice?: (message: string) => void;
  readonly clock?: Clock;
}

/** A Postgres server of our own: made when first needed, running on when its starter ends. */
export interface EmbeddedPostgres {
  /** `absent`: there is no data yet. @throws {SlipwayError} DATABASE_UNREACHABLE when there was and it is gone. */
  status(): Promise<"absent" | "stopped" | "running">;
  /**
   * Makes the data if there is none, starts the server if it does not run, and waits until it takes
   * connections. May be called by several processes at once.
   *
   * @returns the URL, with the password: a secret.
   * @throws {SlipwayError} DATABASE_UNREACHABLE, PORT_IN_USE, FOLDER_NOT_WRITABLE, TOOLCHAIN_MISSING.
   */
  start(): Promise<{ url: string }>;
  /** Ends the server, its data written out, and waits until it is gone. */
  stop(): Promise<void>;
  /** The URL, whether the server runs or not; null while there is no data. A secret. */
  url(): string | null;
}

const STOP_MS = 30_000;
const POLL_MS = 20;

/**
 * Gives access to the embedded Postgres of a folder. The server listens on loopback only, wants a password
 * made by chance, and recovers by itself from whatever it died of.
 *
 * @example
 * const { url } = await embeddedPostgres({ folder: ".slipway/dev/postgres" }).start();
 */
export function embeddedPostgres(options: EmbeddedPostgresOptions): EmbeddedPostgres {
  const { settings = {}, notice, clock = systemClock } = options;
  const folder = resolve(options.folder);
  return {
    async status() {
      const cluster = findCluster(folder);
      if (cluster === null) return "absent";
      return findPostmaster(cluster.data).state === "running" ? "running" : "stopped";
    },
    async start() {
      const binaries = postgresBinaries();
      const cluster = findCluster(folder) ?? (await create(folder, binaries, settings, notice));
      await startServer(cluster, binaries, settings, clock);
      return { url: urlOf(cluster) };
    },
    async stop() {
      const cluster = findCluster(folder);
      if (cluster !== null) await stopServer(cluster, clock);
    },
    url() {
      const cluster = findCluster(folder);
      return cluster === null ? null : urlOf(cluster);
    },
  };
}

async function create(
  folder: string,
  binaries: PostgresBinaries,
  settings: Readonly<Record<string, string>>,
  notice: ((message: string) => void) | undefined,
): Promise<Cluster> {
  const cluster = await createCluster(folder, binaries, { sync: settings.fsync !== "off" });
  if (!cluster.folder.startsWith(folder)) {
    notice?.(
      `The embedded database keeps its data in ${cluster.folder}: the user it runs as cannot get to ${folder}`,
    );
  }
  return cluster;
}

async function stopServer({ data }: Cluster, clock: Clock): Promise<void> {
  const server = findPostmaster(data);
  if (server.state !== "running") return;
  const identity = processIdentity(server.pid);
  // "Fast": connections are ended and everything is written out. "Immediate" when that takes too long: the
  // next start recovers.
  for (const [signal, ms] of [
    ["SIGINT", STOP_MS],
    ["SIGQUIT", STOP_MS / 3],
  ] as const) {
    if (identity !== null && processIdentity(server.pid) === identity) process.kill(server.pid, signal);
    const deadline = clock.now() + ms;
    while (clock.now() < deadline) {
      if (processIdentity(server.pid) !== identity) return;
      await clock.sleep(POLL_MS);
    }
  }
  throw new SlipwayError("SERVICE_NOT_STOPPED", {
    what: "Cannot stop the embedded database",
    why: `process ${server.pid} does not end`,
    todo: `Look at process ${server.pid}, then run again`,
  });
}

function urlOf({ port, password }: Cluster): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

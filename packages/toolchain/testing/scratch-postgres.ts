import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { postgresBinaries } from "../src/postgres-binaries.ts";

/** A real Postgres for the tests of one file, thrown away after. */
export interface ScratchPostgres {
  /** Makes an empty database and gives its URL. */
  createDatabase(name?: string): Promise<string>;
  readonly adminUrl: string;
  readonly port: number;
  /** Ends the server (default `fast`; `immediate` is a crash) without removing its data. */
  stop(mode?: "fast" | "immediate"): void;
  start(): void;
  /** Ends the server and removes its data. */
  remove(): void;
}

/**
 * Starts a Postgres server on a free loopback port; fsync is off, since nobody needs its data tomorrow.
 *
 * @param programs the folder of another version's programs; the embedded ones unless told.
 * @param parent where its folder is made.
 */
export async function scratchPostgres(
  programs?: string,
  parent: string = tmpdir(),
): Promise<ScratchPostgres> {
  const embedded = postgresBinaries();
  const { runAs } = embedded;
  const { initdb, pgCtl } =
    programs === undefined ? embedded : { initdb: join(programs, "initdb"), pgCtl: join(programs, "pg_ctl") };
  const folder = mkdtempSync(join(parent, "slipway-pg-"));
  chmodSync(folder, 0o755);
  if (runAs) chownSync(folder, runAs.uid, runAs.gid);
  const data = join(folder, "data");
  const options = { ...runAs, cwd: folder, stdio: "pipe", env: { PATH: process.env.PATH } } as const;
  execFileSync(
    initdb,
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    options,
  );
  const port = await freePort();
  const server = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200`;
  const start = () =>
    void execFileSync(pgCtl, ["-D", data, "-o", server, "-l", join(folder, "log"), "-w", "start"], {
      ...options,
      stdio: "ignore",
    });
  const stop = (mode: "fast" | "immediate" = "fast") =>
    void execFileSync(pgCtl, ["-D", data, "-m", mode, "-w", "stop"], { ...options, stdio: "ignore" });
  start();
  const adminUrl = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let made = 0;
  return {
    adminUrl,
    port,
    start,
    stop,
    async createDatabase(name = `scratch_${++made}`) {
      const client = new pg.Client({ connectionString: adminUrl });
      await client.connect();
      await client.query(`create database "${name}"`);
      await client.end();
      return `postgres://postgres@127.0.0.1:${port}/${name}`;
    },
    remove() {
      try {
        stop("immediate");
      } catch {
        // Already stopped by the test: removing the folder is what is left to do.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/*
 * Below the ports that operating systems give out by themselves (Linux from 32768, others from 49152) and below those
 * that Slipway chooses for what it runs (from 20000): one of those could be taken between the choice and its use. Test
 * files that run at the same time choose from different parts.
 */
const FIRST_PORT = 10_000;
const PARTS = 8;
const PART_SIZE = 1_250;
const part = FIRST_PORT + (Number(process.env.VITEST_POOL_ID ?? 0) % PARTS) * PART_SIZE;
let next = randomInt(PART_SIZE);

/** A loopback port that nothing listens on right now, never the same twice in a process. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PART_SIZE; tries++) {
    const port = part + (next++ % PART_SIZE);
    if (await isFree(port)) return port;
  }
  throw new Error(`all ports from ${part} to ${part + PART_SIZE} are taken`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

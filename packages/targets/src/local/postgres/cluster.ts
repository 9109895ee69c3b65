import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { SlipwayError } from "@slipway/kernel";
import type { PostgresBinaries } from "@slipway/toolchain";
import { readJsonFile, writeJsonFile } from "../json-file.ts";
import { choosePort } from "../processes/choose-port.ts";
import { processIdentity } from "../processes/process-identity.ts";
import { decideHome, rememberedHome, rememberMade } from "./cluster-home.ts";
import { initdbArguments } from "./server-arguments.ts";

/** A Postgres cluster: everything of it lies in one folder, which appears when it is complete. */
export interface Cluster {
  readonly folder: string;
  readonly data: string;
  readonly log: string;
  readonly port: number;
  /** A secret. */
  readonly password: string;
}

/**
 * Finds the cluster of a folder; null when none was ever made.
 *
 * @throws {SlipwayError} DATABASE_UNREACHABLE when one was made and is gone: an empty one in its place would
 *   look like an environment in which nothing was ever released.
 */
export function findCluster(folder: string): Cluster | null {
  const remembered = rememberedHome(folder);
  if (remembered === null) return null;
  const cluster = join(remembered.home, "cluster");
  if (existsSync(cluster)) return readCluster(cluster);
  if (!remembered.made) return null;
  throw new SlipwayError("DATABASE_UNREACHABLE", {
    what: `Cannot find the embedded database of ${folder}`,
    why: `its data in ${cluster} is gone`,
    todo: `Bring the data back, or remove ${join(folder, "postgres.json")} to begin with an empty database`,
  });
}

/**
 * Makes the cluster of a folder with `initdb`, under a temporary name that is changed when it is complete. Of
 * several processes that do so at once one wins, and all get its cluster.
 *
 * @param options.sync false when the server will run without fsync anyway.
 */
export async function createCluster(
  folder: string,
  binaries: PostgresBinaries,
  options: { readonly sync: boolean },
): Promise<Cluster> {
  const home = decideHome(folder, binaries);
  const cluster = join(home, "cluster");
  removeAbandoned(home);
  const partial = join(home, `cluster.${process.pid}.${randomBytes(4).toString("hex")}`);
  try {
    const port = await choosePort(`postgres of ${folder}`, new Set());
    await initialise(partial, binaries, options.sync);
    writeJsonFile(join(partial, "cluster.json"), { port, createdAt: new Date().toISOString() });
    publish(partial, cluster);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  rememberMade(folder, home);
  return readCluster(cluster);
}

async function initialise(
  partial: string,
  { initdb, runAs }: PostgresBinaries,
  sync: boolean,
): Promise<void> {
  const data = join(partial, "data");
  const passwordFile = join(partial, "password");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  // The server's user passes through to its data; the password goes back to the user of Slipway.
  chmodSync(partial, 0o711);
  writeFileSync(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  for (const path of [data, passwordFile]) if (runAs !== undefined) chownSync(path, runAs.uid, runAs.gid);
  try {
    await promisify(execFile)(initdb, initdbArguments(data, passwordFile, sync), {
      ...runAs,
      cwd: partial,
      env: { PATH: process.env.PATH },
    });
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : String(cause);
    throw new SlipwayError("DATABASE_UNREACHABLE", {
      what: "Cannot create the embedded database",
      why: said,
      cause,
    });
  }
  if (runAs !== undefined) chownSync(passwordFile, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
}

function publish(partial: string, cluster: string): void {
  try {
    renameSync(partial, cluster);
  } catch (error) {
    // Another process made it first: its cluster is the one.
    if (!existsSync(cluster)) throw error;
  }
}

function readCluster(folder: string): Cluster {
  const settings = readJsonFile(join(folder, "cluster.json"));
  return {
    folder,
    data: join(folder, "data"),
    log: join(folder, "log"),
    port: Number(settings?.port),
    password: readFileSync(join(folder, "password"), "utf8"),
  };
}

// What a killed initdb left: its folder carries the number of a process that is gone.
function removeAbandoned(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = /^cluster\.(\d+)\.[0-9a-f]+$/.exec(name)?.[1];
    if (pid === undefined || processIdentity(Number(pid)) !== null) continue;
    rmSync(join(home, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedPostgres, processIdentity } from "@slipway/targets";
import { reachableByOthers } from "@slipway/toolchain";

const PREFIX = "slipway-proof-";
/** A file system in memory, where Linux has one: a copy of a database is a thousand small files. */
const MEMORY = "/dev/shm";
const MEMORY_NEEDED = 2 * 1024 ** 3;

/**
 * Starts a Postgres server of its own for some work, in memory where there is enough, else in a folder below
 * `.slipway/`, and removes it after. What a killed command left behind is removed first.
 *
 * @param root the project's root.
 */
export async function withProofServer<T>(root: string, work: (url: string) => Promise<T>): Promise<T> {
  const parent = join(root, ".slipway");
  mkdirSync(parent, { recursive: true });
  const memory = memoryFolder();
  for (const folder of memory === null ? [parent] : [parent, memory]) await removeAbandoned(folder);
  // As root the server runs as another user, who cannot pass through a private home folder.
  const disk = process.getuid?.() === 0 && !reachableByOthers(parent) ? tmpdir() : parent;
  const place = memory ?? disk;
  const folder = mkdtempSync(join(place, `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o711);
  const server = embeddedPostgres({ folder, settings: { fsync: "off" } });
  try {
    const { url } = await server.start();
    return await work(url);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder in memory, where one is there, may be written and has room. */
function memoryFolder(): string | null {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= MEMORY_NEEDED ? MEMORY : null;
  } catch {
    // None here, as on macOS: the disk does as well.
    return null;
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || processIdentity(Number(pid)) !== null) continue;
    // Memory is shared with other people, whose folders are theirs to remove.
    if (statSync(join(parent, name)).uid !== (process.getuid?.() ?? -1)) continue;
    await embeddedPostgres({ folder: join(parent, name) }).stop();
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

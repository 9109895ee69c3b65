import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedPostgres, processIdentity } from "@slipway/targets";
import { reachableByOthers } from "@slipway/toolchain";

const PREFIX = "proof-";

/**
 * Starts a Postgres server of its own for some work, in a folder below `.slipway/`, and removes it after. What a
 * killed command left behind is removed first.
 *
 * @param root the project's root.
 */
export async function withProofServer<T>(root: string, work: (url: string) => Promise<T>): Promise<T> {
  const parent = join(root, ".slipway");
  mkdirSync(parent, { recursive: true });
  await removeAbandoned(parent);
  // As root the server runs as another user, who cannot pass through a private home folder.
  const place = process.getuid?.() === 0 && !reachableByOthers(parent) ? tmpdir() : parent;
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

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || processIdentity(Number(pid)) !== null) continue;
    await embeddedPostgres({ folder: join(parent, name) }).stop();
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

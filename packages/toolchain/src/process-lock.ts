import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Waiting for a lock. */
export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once, when another process has it, with what it said of itself. */
  readonly onWait?: (owner: string) => void;
}

const POLL_MS = 250;
/** A lock folder without an owner file this old was left by a process that died between the two steps. */
const ORPHAN_MS = 10_000;

/**
 * Runs `work` while holding a lock that is a folder: making one is atomic on every file system. A lock whose
 * process is gone is taken over.
 */
export async function withProcessLock<T>(
  folder: string,
  work: () => Promise<T>,
  { signal, onWait }: LockOptions = {},
): Promise<T> {
  let told = false;
  mkdirSync(dirname(folder), { recursive: true });
  while (!tryLock(folder)) {
    const owner = ownerOf(folder);
    if (owner === null ? orphaned(folder) : !alive(owner)) {
      takeAway(folder);
      continue;
    }
    if (!told) onWait?.(owner === null ? "a process that just started" : `process ${owner}`);
    told = true;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tryLock(folder: string): boolean {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(folder, "owner"), String(process.pid));
  return true;
}

function ownerOf(folder: string): number | null {
  try {
    return Number(readFileSync(join(folder, "owner"), "utf8")) || null;
  } catch {
    // Not written yet, or the lock was freed just now.
    return null;
  }
}

function orphaned(folder: string): boolean {
  try {
    return Date.now() - statSync(folder).mtimeMs > ORPHAN_MS;
  } catch {
    // Freed just now: trying again is what comes next anyway.
    return false;
  }
}

// Two processes may find the same dead owner: only one of them can rename the folder.
function takeAway(folder: string): void {
  const away = `${folder}.dead.${process.pid}`;
  try {
    renameSync(folder, away);
  } catch {
    // The other one was first.
    return;
  }
  rmSync(away, { recursive: true, force: true });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

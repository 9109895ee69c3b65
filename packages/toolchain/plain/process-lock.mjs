// Plain JavaScript without dependencies: the bootstrap needs it on Node 20, before anything is installed.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 250;
const HEARTBEAT_MS = 10_000;
/** How long an owner on another machine may be silent; there is no asking whether its process lives. */
const SILENT_MS = 60_000;

/**
 * Runs `work` while no other process runs work under the same folder.
 *
 * The folder holds numbered turns, of which the highest one counts. A turn appears whole, with its owner in
 * it, because a prepared folder is renamed; numbers only grow, so that whoever looked too long ago and takes
 * a number that has passed sees a higher one and steps back. An owner that is gone, or whose pid is another
 * process by now, has lost its turn.
 */
export async function withProcessLock(folder, { purpose, onWait, signal }, work) {
  const turn = await takeTurn(folder, { purpose, onWait, signal });
  const heartbeat = setInterval(() => touch(join(turn, "owner.json")), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    // Kept with this mark instead of deleted: the number must not be given again.
    if (existsSync(turn)) writeFileSync(join(turn, "ended"), "");
  }
}

/**
 * When a process started, in words that no later process with the same pid shares; null when it has ended.
 */
export function processStart(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat !== null) {
    // The second field is the program's name in brackets, and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const boot = readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
    return fields[0] === "Z" ? null : `${boot}/${fields[19]}`;
  }
  if (existsSync("/proc/self/stat")) return null;
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    // ps exits with 1 when there is no such process.
    return null;
  }
}

async function takeTurn(folder, { purpose, onWait, signal }) {
  mkdirSync(folder, { recursive: true });
  const owner = {
    id: randomUUID(),
    pid: process.pid,
    start: processStart(process.pid),
    place: place(),
    purpose,
    since: new Date().toISOString(),
  };
  const watch = { told: null, id: null, heartbeat: 0, at: 0 };
  for (;;) {
    signal?.throwIfAborted();
    const last = newestTurn(folder);
    const holder = last === 0 ? null : holderOf(join(folder, String(last)), watch);
    if (holder === null) {
      const turn = tryTurn(folder, last + 1, owner);
      if (turn !== null) return turn;
      continue;
    }
    if (watch.told !== holder.id) onWait?.(holder);
    watch.told = holder.id;
    await sleep(POLL_MS, undefined, { signal });
  }
}

function tryTurn(folder, number, owner) {
  const turn = join(folder, String(number));
  const prepared = mkdtempSync(join(folder, "next-"));
  writeFileSync(join(prepared, "owner.json"), JSON.stringify(owner));
  try {
    renameSync(prepared, turn);
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    // Somebody else has this number; EPERM is how Windows says so.
    if (["EEXIST", "ENOTEMPTY", "EPERM"].includes(error.code)) return null;
    throw error;
  }
  if (newestTurn(folder) > number) {
    rmSync(turn, { recursive: true, force: true });
    return null;
  }
  for (const name of readdirSync(folder)) {
    if (Number(name) < number) rmSync(join(folder, name), { recursive: true, force: true });
  }
  return turn;
}

function newestTurn(folder) {
  return Math.max(
    0,
    ...readdirSync(folder)
      .map(Number)
      .filter((number) => Number.isInteger(number)),
  );
}

/** The owner of a turn, or null when the turn is over or its owner is gone. */
function holderOf(turn, watch) {
  const owner = readOwner(turn);
  if (owner === null || existsSync(join(turn, "ended"))) return null;
  if (owner.place === place()) return processStart(owner.pid) === owner.start ? owner : null;
  const heartbeat = heartbeatOf(turn);
  if (watch.id !== owner.id || watch.heartbeat !== heartbeat) {
    Object.assign(watch, { id: owner.id, heartbeat, at: performance.now() });
  }
  return performance.now() - watch.at > SILENT_MS ? null : owner;
}

function readOwner(turn) {
  const text = readText(join(turn, "owner.json"));
  return text === null ? null : JSON.parse(text);
}

function heartbeatOf(turn) {
  try {
    return statSync(join(turn, "owner.json")).mtimeMs;
  } catch {
    // Cleared away by the next owner just now.
    return 0;
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The folder was deleted under the work; the work itself will say what it lacks.
  }
}

/** Where a pid means the same process: a container has its own numbers. */
function place() {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    // No namespaces on this system.
    return hostname();
  }
}

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Missing, or gone while it was read: both mean that there is nothing there.
    return null;
  }
}

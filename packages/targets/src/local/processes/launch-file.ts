import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@slipway/kernel";
import { isRecord } from "../json-file.ts";
import { identityFromStartTime, identityFromStat, isAlive, type ProcessHandle } from "./process-identity.ts";

/*
 * How a process is never lost, whoever is killed when. Each start of a program in a folder is a launch with a
 * number n. `<n>.json` says what is started and is created before the process is. `<n>.pid` is created
 * exclusively, once, either by the process itself before it becomes the program, or by whoever gives the
 * launch up: a process that comes late finds the file and ends. So of each launch it is known that a
 * certain process is it, or that there is none and never will be.
 */

/** What a launch came to. */
export type LaunchProcess =
  /** Nobody wrote the pid file yet: the process may still come. */
  | { readonly state: "pending" }
  /** Given up before a process came. */
  | { readonly state: "closed" }
  | { readonly state: "alive" | "dead"; readonly handle: ProcessHandle };

/** The newest launch of a folder. */
export interface Launch {
  readonly number: number;
  /** What was written before the start; null once the launch was stopped. */
  readonly record: Readonly<Record<string, unknown>> | null;
  readonly process: LaunchProcess;
}

const CLOSED = "closed\n";
const WRITING_MS = 2000;

/** Where the process of a launch writes its number. */
export function pidFile(folder: string, number: number): string {
  return join(folder, `${number}.pid`);
}

/** Reads the newest launch of a folder, or null where nothing was ever launched. */
export function newestLaunch(folder: string): Launch | null {
  const number = Math.max(0, ...launchFiles(folder).map((file) => file.number));
  if (number === 0) return null;
  return { number, record: readRecord(folder, number), process: readProcess(folder, number) };
}

/**
 * Writes down that the next launch begins.
 *
 * @param over the number of the launch before, which was stopped; 0 for the first.
 * @returns the number, or null when another process began a launch in the meantime.
 */
export function beginLaunch(
  folder: string,
  over: number,
  record: Readonly<Record<string, unknown>>,
): number | null {
  const number = over + 1;
  try {
    writeFileSync(join(folder, `${number}.json`), JSON.stringify(record), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (isExisting(error)) return null;
    throw error;
  }
  forgetOlder(folder, number);
  return number;
}

/** Keeps the process of a pending launch from ever coming; says what the launch came to. */
export async function closeLaunch(folder: string, number: number, clock: Clock): Promise<LaunchProcess> {
  try {
    writeFileSync(pidFile(folder, number), CLOSED, { flag: "wx", mode: 0o600 });
    return { state: "closed" };
  } catch (error) {
    if (!isExisting(error)) throw error;
  }
  // Between creating the file and writing it lie microseconds: what stays empty lost its writer there.
  const deadline = clock.now() + WRITING_MS;
  for (;;) {
    const process = readProcess(folder, number);
    if (process.state !== "pending") return process;
    if (clock.now() > deadline) return { state: "closed" };
    await clock.sleep(5);
  }
}

/** Marks a launch as stopped, once its process is gone. Its pid file stays and keeps latecomers out. */
export function forgetLaunch(folder: string, number: number): void {
  rmSync(join(folder, `${number}.json`), { force: true });
}

/** What a pid file says: who wrote it, that it is closed, or null while it is not written to the end. */
export function parsePidFile(text: string): ProcessHandle | "closed" | null {
  if (text === CLOSED) return "closed";
  const [pid, boot, start, end] = text.split("\n");
  if (end === undefined || boot === undefined || start === undefined) return null;
  const identity = boot === "ps" ? identityFromStartTime(start) : identityFromStat(boot, start);
  return identity === null ? null : { pid: Number(pid), identity };
}

function readProcess(folder: string, number: number): LaunchProcess {
  let text: string;
  try {
    text = readFileSync(pidFile(folder, number), "utf8");
  } catch {
    return { state: "pending" };
  }
  const parsed = parsePidFile(text);
  if (parsed === null) return { state: "pending" };
  if (parsed === "closed") return { state: "closed" };
  return { state: isAlive(parsed) ? "alive" : "dead", handle: parsed };
}

function readRecord(folder: string, number: number): Readonly<Record<string, unknown>> | null {
  try {
    const record: unknown = JSON.parse(readFileSync(join(folder, `${number}.json`), "utf8"));
    return isRecord(record) ? record : {};
  } catch (error) {
    // Cut off in the middle: whoever wrote it was killed before it started anything.
    return error instanceof SyntaxError ? {} : null;
  }
}

function launchFiles(folder: string): { name: string; number: number; kind: string }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // No folder: nothing was launched.
    return [];
  }
  return names.flatMap((name) => {
    const match = /^(\d+)\.(json|pid)$/.exec(name);
    return match?.[1] === undefined || match[2] === undefined
      ? []
      : [{ name, number: Number(match[1]), kind: match[2] }];
  });
}

// A closed pid file has to stay, for a process may still come; one that a process wrote has done its work.
function forgetOlder(folder: string, newest: number): void {
  for (const { name, number, kind } of launchFiles(folder)) {
    if (number >= newest) continue;
    if (kind === "json" || readProcess(folder, number).state === "dead")
      rmSync(join(folder, name), { force: true });
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

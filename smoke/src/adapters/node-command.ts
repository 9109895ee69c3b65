import { type ChildProcess, spawn } from "node:child_process";
import { CheckFailure } from "../engine/check-failure.ts";
import type { CommandQuery, CommandResult } from "../engine/ports.ts";

/** Runs a program without a shell, in a process group of its own, which ends with the signal. */
export function runCommand({ command, folder, maxBytes, signal }: CommandQuery): Promise<CommandResult> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    const stdout = keep(child, "stdout", maxBytes);
    const stderr = keep(child, "stderr", maxBytes);
    const onAbort = () => endGroup(child);
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("error", (cause) => {
      signal.removeEventListener("abort", onAbort);
      reject(new CheckFailure("configuration", `${program} cannot be run: ${cause.message}`, { cause }));
    });
    child.once("close", (exit) => {
      signal.removeEventListener("abort", onAbort);
      if (signal.aborted) reject(signal.reason);
      else resolve({ exit, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** Keeps the beginning of a stream, and reads the rest away: a full pipe would stop the program. */
function keep(child: ChildProcess, stream: "stdout" | "stderr", maxBytes: number): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  child[stream]?.on("data", (chunk: Buffer) => {
    if (bytes < maxBytes) chunks.push(chunk.subarray(0, maxBytes - bytes));
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has gone by itself, which is what was wanted.
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createRedactor, SlipwayError } from "@slipway/kernel";

/** A build command to run. */
export interface BuildRun {
  /** The service's name, for errors. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told every line that the build writes, as it comes. */
  readonly onLine: (line: string) => void;
}

const TAIL_LINES = 20;

/**
 * Runs a build command to its end, in a process group of its own that is gone afterwards: nothing that a build
 * started is left running.
 *
 * @throws {SlipwayError} BUILD_FAILED with the end of the output. Rejects with the signal's reason when that aborts.
 */
export async function runBuild(run: BuildRun): Promise<void> {
  const { name, argv, cwd, env, timeoutMs, signal, onLine } = run;
  signal?.throwIfAborted();
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    eachLine(stream, (line) => {
      onLine(line);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
    });
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child);
  }, timeoutMs);
  const onAbort = () => endGroup(child);
  signal?.addEventListener("abort", onAbort, { once: true });
  // Whoever inherited the pipes would keep them open after the command itself has ended.
  child.once("exit", () => endGroup(child));
  try {
    const ending = await closed(child);
    signal?.throwIfAborted();
    if (!late && ending === "code 0") return;
    const how = late ? `did not end within ${timeoutMs / 1000} s` : `ended with ${ending}`;
    throw failed(
      name,
      `"${argv.join(" ")}" ${how}${tail.length === 0 ? " and wrote nothing" : `:\n${tail.join("\n")}`}`,
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }

  function closed(process: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      process.once("error", (cause) =>
        reject(failed(name, `"${program}" does not start: ${cause.message}`, cause)),
      );
      process.once("close", (code, killedBy) =>
        resolve(code === null ? `signal ${killedBy}` : `code ${code}`),
      );
    });
  }
}

function eachLine(stream: Readable, take: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", take);
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody is left in the group.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function failed(name: string, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("BUILD_FAILED", {
    what: `Cannot build service "${name}"`,
    why: createRedactor().redact(why),
    ...(cause === undefined ? {} : { cause }),
  });
}

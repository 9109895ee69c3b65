import { CheckFailure } from "../engine/check-failure.ts";
import type { CommandQuery, CommandResult } from "../engine/ports.ts";
import { type DenoChild, denoRuntime } from "./deno-runtime.ts";

/** Runs a program without a shell, which ends with the signal. Needs `--allow-run` for the program alone. */
export async function runCommand({
  command,
  folder,
  maxBytes,
  signal,
}: CommandQuery): Promise<CommandResult> {
  const [program, ...args] = command;
  const child = start(program!, args, folder);
  const onAbort = () => child.kill("SIGKILL");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const [stdout, stderr, status] = await Promise.all([
      keep(child.stdout, maxBytes),
      keep(child.stderr, maxBytes),
      child.status,
    ]);
    signal.throwIfAborted();
    return { exit: status.signal === null ? status.code : null, stdout, stderr };
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function start(program: string, args: readonly string[], folder: string | undefined): DenoChild {
  const { Command } = denoRuntime();
  const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  try {
    return new Command(program, {
      args,
      ...streams,
      ...(folder === undefined ? {} : { cwd: folder }),
    }).spawn();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CheckFailure("configuration", `${program} cannot be run: ${why}`, { cause });
  }
}

/** Keeps the beginning of a stream, and reads the rest away: a full pipe would stop the program. */
async function keep(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of stream) {
    if (bytes < maxBytes) text += decoder.decode(chunk.subarray(0, maxBytes - bytes), { stream: true });
    bytes += chunk.length;
  }
  return text + decoder.decode();
}

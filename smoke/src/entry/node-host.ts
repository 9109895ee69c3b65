import { appendFile, readFile, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nodePorts } from "../adapters/node-ports.ts";
import { nodeTransport } from "../adapters/node-transport.ts";
import type { Host } from "./host.ts";
import { main } from "./main.ts";

/**
 * Runs the command in this Node process and ends it with the command's exit code.
 *
 * @param denoEntry where the Deno entry point stands, for the command line that `flags` prints.
 */
export async function runUnderNode(denoEntry: URL): Promise<never> {
  const stop = new AbortController();
  let stoppedBy: NodeJS.Signals | undefined;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      // The second one does not wait for clean-ups.
      if (stoppedBy !== undefined) process.exit(128 + constants.signals[name]);
      stoppedBy = name;
      stop.abort(new Error(`stopped by ${name}`));
    });
  }
  const code = await main(nodeHost(process.argv.slice(2), stop.signal, denoEntry));
  // Not process.exitCode: a server that keeps a connection open must not keep the process.
  process.exit(stoppedBy === undefined ? code : 128 + constants.signals[stoppedBy]);
}

/** Node as the command sees it. */
export function nodeHost(args: readonly string[], signal: AbortSignal, denoEntry: URL): Host {
  return {
    args,
    env: (name) => process.env[name],
    out: (text) => writeAll(process.stdout, text),
    err: (text) => writeAll(process.stderr, text),
    readText: (path) => readFile(path, "utf8"),
    writeText: (path, text) => writeFile(path, text),
    appendText: (path, text) => appendFile(path, text),
    importModule: (path) => import(pathToFileURL(resolve(path)).href),
    signal,
    ports: nodePorts,
    transport: nodeTransport(),
    denoEntry: () => relative(process.cwd(), fileURLToPath(denoEntry)),
  };
}

/** Writes and waits until it is out: a pipe's reader may be slow, and the process ends right after. */
function writeAll(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    // A reader that has gone away must not turn a verdict into a crash.
    stream.once("error", () => resolve());
    stream.write(text, () => resolve());
  });
}

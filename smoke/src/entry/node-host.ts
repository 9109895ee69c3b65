import { constants } from "node:os";
import process from "node:process";
import type { Host } from "./host.ts";
import { main } from "./main.ts";

/** Runs the command in this Node process and ends it with the command's exit code. */
export async function runUnderNode(): Promise<never> {
  const stop = new AbortController();
  let stoppedBy: NodeJS.Signals | undefined;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      stoppedBy = name;
      stop.abort(new Error(`stopped by ${name}`));
    });
  }
  const host: Host = {
    runtime: "node",
    args: process.argv.slice(2),
    env: (name) => process.env[name],
    out: (text) => writeAll(process.stdout, text),
    err: (text) => writeAll(process.stderr, text),
    signal: stop.signal,
  };
  const code = await main(host);
  // Not process.exitCode: a server that keeps a connection open must not keep the process.
  process.exit(stoppedBy === undefined ? code : 128 + constants.signals[stoppedBy]);
}

/** Writes and waits until it is out: a pipe's reader may be slow, and the process ends right after. */
function writeAll(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    // A reader that has gone away must not turn a verdict into a crash.
    stream.once("error", () => resolve());
    stream.write(text, () => resolve());
  });
}

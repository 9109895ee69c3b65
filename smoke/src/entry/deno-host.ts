import { denoPorts } from "../adapters/deno-ports.ts";
import { type DenoOutput, type DenoRuntime, denoRuntime } from "../adapters/deno-runtime.ts";
import type { Host } from "./host.ts";
import { main } from "./main.ts";

/** Runs the command in this Deno process and ends it with the command's exit code. */
export async function runUnderDeno(entry: URL): Promise<void> {
  const deno = denoRuntime();
  const stop = new AbortController();
  let stoppedWith: number | undefined;
  for (const [name, code] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
    deno.addSignalListener(name, () => {
      // The second one does not wait for clean-ups.
      if (stoppedWith !== undefined) deno.exit(code);
      stoppedWith = code;
      stop.abort(new Error(`stopped by ${name}`));
    });
  }
  const code = await main(denoHost(deno, stop.signal, entry));
  deno.exit(stoppedWith ?? code);
}

function denoHost(deno: DenoRuntime, signal: AbortSignal, entry: URL): Host {
  return {
    args: deno.args,
    env: (name) => deno.env.get(name),
    out: writer(deno.stdout),
    err: writer(deno.stderr),
    readText: (path) => deno.readTextFile(path),
    writeText: (path, text) => deno.writeTextFile(path, text),
    appendText: (path, text) => deno.writeTextFile(path, text, { append: true }),
    importModule: (path) => import(new URL(path, `file://${deno.cwd()}/`).href),
    signal,
    ports: denoPorts,
    denoEntry: () => entry.pathname,
  };
}

/** Writes in the order of the calls: a write of Deno's may be partial, and two of them would mix. */
function writer(stream: DenoOutput): (text: string) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const writeAll = async (text: string) => {
    let left = new TextEncoder().encode(text);
    while (left.length > 0) left = left.subarray(await stream.write(left));
  };
  return (text) => {
    last = last.then(() => writeAll(text));
    return last;
  };
}

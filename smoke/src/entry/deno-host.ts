import type { Host } from "./host.ts";
import { main } from "./main.ts";

/** The part of Deno that the command uses, declared here because the sources are checked as Node code. */
interface DenoRuntime {
  readonly args: readonly string[];
  readonly env: { get(name: string): string | undefined };
  readonly stdout: { write(data: Uint8Array): Promise<number> };
  readonly stderr: { write(data: Uint8Array): Promise<number> };
  addSignalListener(signal: "SIGINT" | "SIGTERM", handler: () => void): void;
  exit(code: number): never;
}

/** Runs the command in this Deno process and ends it with the command's exit code. */
export async function runUnderDeno(): Promise<void> {
  const { Deno: deno } = globalThis as unknown as { Deno: DenoRuntime };
  const stop = new AbortController();
  let stoppedWith: number | undefined;
  for (const [name, code] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
    deno.addSignalListener(name, () => {
      stoppedWith ??= code;
      stop.abort(new Error(`stopped by ${name}`));
    });
  }
  const host: Host = {
    runtime: "deno",
    args: deno.args,
    env: (name) => deno.env.get(name),
    out: (text) => writeAll(deno.stdout, text),
    err: (text) => writeAll(deno.stderr, text),
    signal: stop.signal,
  };
  const code = await main(host);
  deno.exit(stoppedWith ?? code);
}

async function writeAll(stream: DenoRuntime["stdout"], text: string): Promise<void> {
  let left = new TextEncoder().encode(text);
  while (left.length > 0) left = left.subarray(await stream.write(left));
}

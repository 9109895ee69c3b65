import { runCli } from "../src/app.ts";
import type { CliProcess } from "../src/cli-context.ts";

/** What a command wrote, and its exit code. */
export interface Written {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process, without a terminal. */
export async function fakeCli(
  inputs: readonly string[],
  {
    cwd = "/",
    env = {},
    signal = new AbortController().signal,
  }: { readonly cwd?: string; readonly env?: Record<string, string>; readonly signal?: AbortSignal } = {},
): Promise<Written> {
  let stdout = "";
  let stderr = "";
  const process: CliProcess = {
    stdout: {
      write(text) {
        stdout += text;
      },
    },
    stderr: {
      write(text) {
        stderr += text;
      },
    },
    stdin: {},
    env,
    cwd,
  };
  await runCli(inputs, process, signal);
  return { code: Number(process.exitCode ?? 0), stdout, stderr };
}

import { type Output, x } from "tinyexec";

/** How a tool is run. */
export interface ToolOptions {
  readonly cwd?: string;
  /** Added to this process's environment; an empty value hides a variable of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
  /** Ends the tool and everything that it started. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program that needs no terminal and gives its exit code and output. It leads a process group of its
 * own, so that a cancelled build leaves no compilers behind.
 *
 * @throws the system's error when it cannot be started; the signal's reason when it was cancelled.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  { cwd, env = {}, timeoutMs, signal }: ToolOptions = {},
): Promise<Output> {
  signal?.throwIfAborted();
  const tool = x(command, [...args], {
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    nodeOptions: { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, ...env }, detached: true },
  });
  const end = () => {
    try {
      if (tool.pid !== undefined) process.kill(-tool.pid, "SIGTERM");
    } catch {
      // It ended by itself just now.
    }
  };
  signal?.addEventListener("abort", end, { once: true });
  try {
    const output = await tool;
    signal?.throwIfAborted();
    return output;
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

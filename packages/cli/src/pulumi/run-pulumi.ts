import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type PulumiEvent, parseEvent } from "./pulumi-event.ts";

/** How a Pulumi process ended. */
export interface PulumiResult {
  readonly exitCode: number;
  readonly errors: readonly string[];
  readonly stderr: string;
}

/** Where and with what a Pulumi process runs. */
export interface PulumiRun {
  readonly binary: string;
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: PulumiEvent) => void;
  /** Every line of the output, as it is. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs Pulumi and reads its event lines. An abort sends SIGINT, as Ctrl-C would: Pulumi tells its plugins,
 * which finish or undo the step that they are in.
 */
export async function runPulumi(
  args: readonly string[],
  { binary, cwd, env, signal, onEvent, onLine }: PulumiRun,
): Promise<PulumiResult> {
  const child = spawn(binary, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const interrupt = () => void child.kill("SIGINT");
  signal.addEventListener("abort", interrupt);
  const errors: string[] = [];
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-20_000);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    onLine?.(line);
    const event = parseEvent(line);
    if (event === null) return;
    if (event.kind === "message" && event.severity === "error") errors.push(event.text);
    onEvent?.(event);
  });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
    return { exitCode, errors, stderr };
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

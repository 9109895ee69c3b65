import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** One thing that Pulumi did, reduced to what Slipway shows. */
export type PulumiEvent =
  | { readonly kind: "start"; readonly resource: string; readonly operation: string }
  | { readonly kind: "done"; readonly resource: string; readonly operation: string }
  | {
      readonly kind: "message";
      readonly resource: string | null;
      readonly severity: "info" | "warning" | "error";
      readonly text: string;
    };

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
}

/**
 * Runs Pulumi and reads its event lines. An abort sends SIGINT, as Ctrl-C would: Pulumi tells its plugins,
 * which finish or undo the step that they are in.
 */
export async function runPulumi(
  args: readonly string[],
  { binary, cwd, env, signal, onEvent }: PulumiRun,
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

/** Reads one line of `--json`; null for what is not shown to people. */
export function parseEvent(line: string): PulumiEvent | null {
  let event: EngineEvent;
  try {
    event = JSON.parse(line) as EngineEvent;
  } catch {
    // Pulumi prints a few plain lines before its first event.
    return null;
  }
  const started = event.resourcePreEvent?.metadata;
  if (started !== undefined && started.op !== "same")
    return { kind: "start", resource: nameOf(started.urn), operation: started.op };
  const done = event.resOutputsEvent?.metadata;
  if (done !== undefined && done.op !== "same")
    return { kind: "done", resource: nameOf(done.urn), operation: done.op };
  const diagnostic = event.diagnosticEvent;
  if (diagnostic === undefined || diagnostic.severity === "debug") return null;
  const severity =
    diagnostic.severity === "error" || diagnostic.severity === "warning" ? diagnostic.severity : "info";
  const text = diagnostic.message.trimEnd();
  if (text === "") return null;
  return { kind: "message", resource: diagnostic.urn ? nameOf(diagnostic.urn) : null, severity, text };
}

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: { readonly op: string; readonly urn: string } };
  readonly resOutputsEvent?: { readonly metadata: { readonly op: string; readonly urn: string } };
  readonly diagnosticEvent?: { readonly urn?: string; readonly severity: string; readonly message: string };
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

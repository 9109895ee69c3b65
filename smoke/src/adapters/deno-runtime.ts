/** The part of Deno that is used, declared here because the sources are checked as Node code. */
export interface DenoRuntime {
  readonly args: readonly string[];
  readonly env: { get(name: string): string | undefined };
  readonly stdout: DenoOutput;
  readonly stderr: DenoOutput;
  cwd(): string;
  readTextFile(path: string): Promise<string>;
  writeTextFile(path: string, text: string, options?: { readonly append: boolean }): Promise<void>;
  addSignalListener(signal: "SIGINT" | "SIGTERM", handler: () => void): void;
  exit(code: number): void;
  resolveDns(
    host: string,
    type: string,
    options: {
      readonly nameServer?: { readonly ipAddr: string; readonly port: number };
      readonly signal: AbortSignal;
    },
  ): Promise<readonly unknown[]>;
  readonly Command: new (
    program: string,
    options: {
      readonly args: readonly string[];
      readonly cwd?: string;
      readonly stdin: "null";
      readonly stdout: "piped";
      readonly stderr: "piped";
    },
  ) => { spawn(): DenoChild };
}

export interface DenoOutput {
  write(data: Uint8Array): Promise<number>;
}

export interface DenoChild {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly status: Promise<{ readonly code: number; readonly signal: string | null }>;
  kill(signal: "SIGKILL"): void;
}

/** Deno itself. Only called where Deno runs. */
export function denoRuntime(): DenoRuntime {
  return (globalThis as unknown as { readonly Deno: DenoRuntime }).Deno;
}

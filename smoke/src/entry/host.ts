import type { HttpTransport } from "../engine/transport.ts";

/** What a runtime gives the command: the only part that differs between Node and Deno. */
export interface Host {
  readonly runtime: "node" | "deno";
  readonly args: readonly string[];
  readonly env: (name: string) => string | undefined;
  readonly out: (text: string) => Promise<void>;
  readonly err: (text: string) => Promise<void>;
  /** Aborts when the process is told to stop. */
  readonly signal: AbortSignal;
  readonly transport?: HttpTransport;
}

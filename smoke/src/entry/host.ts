import type { Ports } from "../engine/ports.ts";
import type { SmokeOptions } from "../engine/run-smoke.ts";
import type { HttpTransport } from "../engine/transport.ts";

/** What a runtime gives the command: the only part that differs between Node and Deno. */
export interface Host {
  readonly args: readonly string[];
  readonly env: (name: string) => string | undefined;
  readonly out: (text: string) => Promise<void>;
  readonly err: (text: string) => Promise<void>;
  readonly readText: (path: string) => Promise<string>;
  readonly writeText: (path: string, text: string) => Promise<void>;
  readonly appendText: (path: string, text: string) => Promise<void>;
  /** Loads a module by its path, from where the command was started. */
  readonly importModule: (path: string) => Promise<Readonly<Record<string, unknown>>>;
  /** Aborts when the process is told to stop. */
  readonly signal: AbortSignal;
  readonly ports: Ports;
  readonly transport?: HttpTransport;
  /** Where the Deno entry point stands, for the command line that `flags` prints. */
  readonly denoEntry: () => string;
  /** Records runs, where a ledger is at hand. */
  readonly audit?: NonNullable<SmokeOptions["audit"]>;
}

import type { FlagSource } from "../source/flag-source.ts";
import type { ClientPorts } from "./client-ports.ts";
import type { LastKnown, OverrideFile } from "./flag-files.ts";

/** How a client is set up. Times are in milliseconds. */
export interface FlagClientOptions {
  /** Null or left out: only what is at hand, for tests and for the edge. */
  readonly source?: FlagSource | null;
  /** The release's manifest or a document, parsed: see `parseBootstrap`. One that is not valid is reported and left aside. */
  readonly bootstrap?: unknown;
  readonly lastKnown?: LastKnown | null;
  readonly override?: OverrideFile | null;
  /** Identity of the process in acknowledgements. Left out: a random one. */
  readonly instance?: string;
  /** Between two looks at the store: 1,000, give or take a tenth. */
  readonly pollMs?: number;
  /** The longest wait after failures: 5,000. */
  readonly backoffCapMs?: number;
  /** For one call of the store: 1,500. */
  readonly timeoutMs?: number;
  /** Between two acknowledgements without a change, so that the store knows who lives: 10,000. */
  readonly heartbeatMs?: number;
  /** Without a confirmation for so long, `status()` is STALE: 5,000. */
  readonly staleAfterMs?: number;
  /** Clock, dice and timers, for tests. */
  readonly ports?: Partial<ClientPorts>;
}

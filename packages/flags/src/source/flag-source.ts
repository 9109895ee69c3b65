import type { FlagRevision } from "../document/flag-revision.ts";

/** What a process tells the store after it has applied a document. */
export interface FlagAcknowledgement extends FlagRevision {
  /** Identity of the process: unique while it lives. */
  readonly instance: string;
  /** Milliseconds since 1970, by the process's clock. */
  readonly at: number;
  /** Milliseconds from noticing the change (hint or poll) to evaluating with it. */
  readonly appliedMs: number;
}

/**
 * Where documents come from. Polling is the truth; what `subscribe` brings is only a hint to poll now, and may
 * never come, come twice or out of order. A source neither retries nor validates nor remembers: the client does.
 * Every call ends when its signal aborts, and rejects with a {@link FlagSourceError} when the store did not answer.
 */
export interface FlagSource {
  /** For messages: `postgres`, `supabase`. */
  readonly name: string;
  /**
   * The store's revision: one cheap read, once a second per process.
   * @param since what the reader holds, for stores that can answer "unchanged" more cheaply; null at the start.
   */
  fetchRevision(since: FlagRevision | null, signal: AbortSignal): Promise<FlagRevision>;
  /** The whole document as JSON, unchecked: the client passes it to `parseFlagDocument`. */
  fetchDocument(signal: AbortSignal): Promise<unknown>;
  /**
   * Asks for hints until the returned function is called, and reconnects by itself. A hint without a revision
   * says "something may have changed": give one after every (re)connection.
   */
  subscribe(onHint: (hint: FlagRevision | null) => void): () => void;
  acknowledge(acknowledgement: FlagAcknowledgement, signal: AbortSignal): Promise<void>;
  /** Frees connections. Calls under way end. */
  close(): Promise<void>;
}

import type { FlagDocument } from "../document/flag-document.ts";
import { FlagDocumentError } from "../document/flag-document-error.ts";
import { type FlagRevision, replaces } from "../document/flag-revision.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import { parseFlagRevision } from "../document/parse-flag-revision.ts";
import type { FlagSource } from "../source/flag-source.ts";
import { FlagSourceError } from "../source/flag-source-error.ts";
import { callInTime } from "./call-in-time.ts";
import type { ClientPorts } from "./client-ports.ts";
import type { FlagProblem } from "./flag-events.ts";
import { nextPollMs, type PollSchedule } from "./poll-schedule.ts";

export interface PollerOptions extends PollSchedule {
  readonly source: FlagSource;
  readonly timeoutMs: number;
  readonly heartbeatMs: number;
  readonly instance: string;
  readonly ports: ClientPorts;
}

/** What a poller reports to its client. */
export interface PollerEvents {
  held(): FlagRevision | null;
  /** Before every look at the store. */
  beforePoll(): void;
  apply(document: FlagDocument): void;
  /** The store answered, and what is held is what it has. */
  confirmed(): void;
  failed(failure: FlagProblem, message: string): void;
}

/**
 * Looks at the store for as long as it lives: every `pollMs`, and at once when a hint comes. There is one look
 * at a time, so answers cannot overtake each other; a hint during a look leads to another one after it.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #events: PollerEvents;
  readonly #closing = new AbortController();
  #unsubscribe: () => void = () => {};
  #wake: (() => void) | null = null;
  #hinted = false;
  #noticedAt: number | null = null;
  #failures = 0;
  #acknowledged: FlagRevision | null = null;
  #acknowledgedAt = Number.NEGATIVE_INFINITY;
  #acknowledging = false;
  #appliedMs = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(options: PollerOptions, events: PollerEvents) {
    this.#options = options;
    this.#events = events;
  }

  start(): void {
    this.#running = this.#run();
    try {
      this.#unsubscribe = this.#options.source.subscribe((hint) => this.#onHint(hint));
    } catch (error) {
      // Without hints there is still the poll.
      this.#events.failed(...describe(error));
    }
  }

  /** Ends the look under way, frees the source, and resolves when both are done or took too long. */
  async close(): Promise<void> {
    this.#closing.abort(new FlagSourceError("unreachable", "the client was closed"));
    this.#wake?.();
    const { source, timeoutMs, ports } = this.#options;
    try {
      this.#unsubscribe();
    } finally {
      await this.#running;
      // The waiting keeps the process alive: it is asked for, and it ends.
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const cancel = ports.after(timeoutMs, resolve, true);
      await Promise.race([source.close(), late]).finally(cancel);
    }
  }

  /** A hint that tells of nothing newer than what is held came late or twice. */
  #onHint(hint: FlagRevision | null): void {
    if (this.#closing.signal.aborted || (hint !== null && !replaces(hint, this.#events.held()))) return;
    this.#hinted = true;
    this.#noticedAt ??= this.#options.ports.monotonic();
    this.#wake?.();
  }

  async #run(): Promise<void> {
    const { ports } = this.#options;
    while (!this.#closing.signal.aborted) {
      this.#hinted = false;
      this.#events.beforePoll();
      try {
        await this.#look();
        this.#failures = 0;
        this.#events.confirmed();
        this.#acknowledge();
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#failures += 1;
        this.#events.failed(...describe(error));
      }
      if (!this.#hinted) await this.#sleep(nextPollMs(this.#options, this.#failures, ports.random()));
    }
  }

  async #look(): Promise<void> {
    const { source, ports } = this.#options;
    const held = this.#events.held();
    // Checked: an answer that is none (a proxy's page) must not pass for "nothing new".
    const found = parseFlagRevision(
      await this.#call("revision", (signal) => source.fetchRevision(held, signal)),
    );
    if (!replaces(found, held)) {
      this.#noticedAt = null;
      return;
    }
    const noticedAt = this.#noticedAt ?? ports.monotonic();
    this.#noticedAt = null;
    const document = parseFlagDocument(
      await this.#call("document", (signal) => source.fetchDocument(signal)),
    );
    // A replica that lags behind its own revision, or a store that was restored in between: look again.
    if (document.epoch !== found.epoch || !replaces(document, held)) {
      throw new FlagSourceError(
        "failed",
        `the document is at ${name(document)}, the store at ${name(found)}`,
      );
    }
    this.#events.apply(document);
    this.#appliedMs = Math.max(0, ports.monotonic() - noticedAt);
  }

  /** Tells the store what counts here, after a change and every now and then; beside the polling, never before it. */
  #acknowledge(): void {
    const { source, ports, instance, heartbeatMs } = this.#options;
    const held = this.#events.held();
    const now = ports.monotonic();
    const said = this.#acknowledged;
    const due =
      said?.epoch !== held?.epoch ||
      said?.revision !== held?.revision ||
      now - this.#acknowledgedAt >= heartbeatMs;
    if (held === null || !due || this.#acknowledging) return;
    this.#acknowledging = true;
    const { epoch, revision } = held;
    const appliedMs = Math.round(this.#appliedMs);
    this.#call("acknowledgement", (signal) =>
      source.acknowledge({ instance, epoch, revision, at: ports.now(), appliedMs }, signal),
    ).then(
      () => {
        this.#acknowledging = false;
        this.#acknowledged = { epoch, revision };
        this.#acknowledgedAt = now;
        // What was applied meanwhile is not kept waiting for the next poll.
        this.#acknowledge();
      },
      (error) => {
        this.#acknowledging = false;
        // It is tried again after the next poll; until then the store counts this process as silent.
        if (!this.#closing.signal.aborted) this.#events.failed(...describe(error));
      },
    );
  }

  #call<T>(what: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { source, timeoutMs, ports } = this.#options;
    return callInTime(call, {
      what: `${source.name} ${what}`,
      timeoutMs,
      outer: this.#closing.signal,
      ports,
    });
  }

  async #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.ports.after(ms, resolve, false);
    this.#wake = resolve;
    if (this.#closing.signal.aborted) resolve();
    await promise;
    this.#wake = null;
    cancel();
  }
}

const name = ({ epoch, revision }: FlagRevision): string => `${epoch}/${revision}`;

function describe(error: unknown): [FlagProblem, string] {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FlagDocumentError) return ["document", message];
  return [error instanceof FlagSourceError ? error.failure : "failed", message];
}

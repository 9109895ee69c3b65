import type { FlagDocument } from "../document/flag-document.ts";
import { replaces } from "../document/flag-revision.ts";
import type { FlagValue } from "../document/flag-value.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import type { FlagContext } from "../evaluate/flag-context.ts";
import type { FlagResult } from "../evaluate/flag-result.ts";
import { FlagSet } from "../evaluate/flag-set.ts";
import { changedKeys } from "./changed-keys.ts";
import { type ClientPorts, systemPorts } from "./client-ports.ts";
import type { FlagClientOptions } from "./flag-client-options.ts";
import type { FlagEvent, FlagOrigin, FlagProblem, FlagStatus } from "./flag-events.ts";
import { parseOverrides } from "./overrides.ts";
import { parseBootstrap } from "./parse-bootstrap.ts";
import { Poller } from "./poller.ts";
import { SafeValues, unknownResult } from "./safe-values.ts";
import type { Widened } from "./widened.ts";

/**
 * An environment's flags in one process. Made at once from what is at hand (bootstrap, last-known file), then kept up to date
 * in the background for ever. Reading is synchronous, does no I/O and never throws. A store that is down changes no
 * value: the last known ones are served, and `status()` says so.
 *
 * One file, though longer than others: it is the one place where all sources of a value meet.
 *
 * @example
 * const flags = new FlagClient({ source, bootstrap });
 * await flags.ready(); // at most 1.5 s, never rejects
 * if (flags.isOn("new-checkout", { userId })) …
 */
export class FlagClient {
  readonly #options: Omit<FlagClientOptions, "bootstrap">;
  readonly #ports: ClientPorts;
  readonly #poller: Poller | null;
  readonly #safe = new SafeValues();
  readonly #listeners = new Set<(event: FlagEvent) => void>();
  readonly #firstAnswer = Promise.withResolvers<void>();
  #set: FlagSet | null = null;
  #overrides: ReadonlyMap<string, FlagResult> | null = null;
  #origin: FlagOrigin | null = null;
  /** Monotonic time at which the store last confirmed the document; null: never in a time that is known. */
  #confirmedAt: number | null = null;
  #fresh = false;
  #announcedStale = false;
  #problem: FlagStatus["problem"] = null;
  #closed: Promise<void> | null = null;

  constructor(options: FlagClientOptions) {
    const { bootstrap, ...kept } = options;
    this.#options = kept;
    this.#ports = { ...systemPorts, ...options.ports };
    const {
      source = null,
      pollMs = 1_000,
      backoffCapMs = 5_000,
      timeoutMs = 1_500,
      heartbeatMs = 10_000,
    } = options;
    const instance = options.instance ?? randomInstance(this.#ports);
    this.#startWithWhatIsAtHand(bootstrap);
    this.#readOverrides();
    this.#poller =
      source === null
        ? null
        : new Poller(
            { source, pollMs, backoffCapMs, timeoutMs, heartbeatMs, instance, ports: this.#ports },
            {
              held: () => this.#set?.document ?? null,
              beforePoll: () => this.#readOverrides(),
              apply: (document) => this.#apply(document, "store"),
              confirmed: () => this.#confirm(),
              failed: (failure, message) => this.#fail(failure, message),
            },
          );
    if (this.#poller === null) this.#firstAnswer.resolve();
    else this.#poller.start();
  }

  /**
   * Resolves when the store has answered for the first time, or after `maxWaitMs` (1,500) with what there is. Never
   * rejects: look at `status()` if you must know.
   */
  async ready(maxWaitMs = 1_500): Promise<this> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.#ports.after(maxWaitMs, resolve, true);
    await Promise.race([this.#firstAnswer.promise, late]);
    cancel();
    return this;
  }

  /**
   * Whether the flag is on for the context.
   * @param fallback for a key that neither the store nor the release knows.
   */
  isOn(key: string, context?: FlagContext, fallback = false): boolean {
    return (this.#find(key, context) ?? unknownResult(fallback, this.#set !== null)).on;
  }

  /**
   * The flag's value for the context, of the type of `fallback`, which is returned when the flag is not known or has
   * another type.
   */
  value<const T extends FlagValue>(key: string, context: FlagContext | undefined, fallback: T): Widened<T> {
    const found = this.#find(key, context)?.value;
    const same = typeof found === typeof fallback && (found === null) === (fallback === null);
    return (same ? found : fallback) as Widened<T>;
  }

  /** The value with why it is so. Frozen, and shared between calls. */
  evaluate(key: string, context?: FlagContext, fallback: FlagValue = false): FlagResult {
    return this.#find(key, context) ?? unknownResult(fallback, this.#set !== null);
  }

  /** How up to date the values are. */
  status(): FlagStatus {
    const document = this.#set?.document ?? null;
    const ageMs =
      this.#confirmedAt === null
        ? null
        : Math.max(0, Math.round(this.#ports.monotonic() - this.#confirmedAt));
    const stale = !this.#fresh || ageMs === null || ageMs > (this.#options.staleAfterMs ?? 5_000);
    return {
      state: this.#closed !== null ? "CLOSED" : document === null ? "NOT_READY" : stale ? "STALE" : "READY",
      origin: this.#origin,
      epoch: document?.epoch ?? null,
      revision: document?.revision ?? null,
      ageMs: document === null ? null : ageMs,
      problem: this.#problem,
    };
  }

  /** The document that counts, for whoever hands it on; null before there is one. */
  document(): FlagDocument | null {
    return this.#set?.document ?? null;
  }

  /** Hears of changes until the returned function is called. A listener that throws harms nobody. */
  subscribe(listener: (event: FlagEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops looking. Values stay what they are; closing again waits for the first. Resolves within `timeoutMs`. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#firstAnswer.resolve();
      await this.#poller?.close();
    })();
    return this.#closed;
  }

  #find(key: string, context: FlagContext | undefined): FlagResult | undefined {
    if (this.#overrides !== null) {
      const overridden = this.#overrides.get(key);
      if (overridden !== undefined) return overridden;
    }
    return this.#set?.evaluate(key, context) ?? this.#safe.get(key);
  }

  #startWithWhatIsAtHand(bootstrap: unknown): void {
    const { lastKnown } = this.#options;
    this.#guardFile("bootstrap", () => {
      if (bootstrap === undefined || bootstrap === null) return;
      const { declarations, document } = parseBootstrap(bootstrap);
      for (const [key, declaration] of declarations) this.#safe.add(key, declaration);
      if (document !== null) this.#apply(document, "bootstrap");
    });
    this.#guardFile("last-known file", () => {
      const saved = lastKnown?.read() ?? null;
      if (saved === null) return;
      const document = parseFlagDocument(saved.document);
      if (!replaces(document, this.#set?.document ?? null)) return;
      this.#apply(document, "last-known");
      // The wall clock may have jumped since: an age is never negative.
      this.#confirmedAt = this.#ports.monotonic() - Math.max(0, this.#ports.now() - saved.savedAt);
    });
  }

  #readOverrides(): void {
    this.#guardFile("override file", () => {
      const read = this.#options.override?.read() ?? null;
      if (read === "unchanged" || (read === null && this.#overrides === null)) return;
      this.#overrides = read === null ? null : parseOverrides(read.values);
      this.#emit({ kind: "overridden", keys: [...(this.#overrides?.keys() ?? [])] });
    });
  }

  #apply(document: FlagDocument, origin: FlagOrigin): void {
    const started = this.#ports.monotonic();
    const before = this.#set?.document ?? null;
    const next = new FlagSet(document, { now: this.#ports.now, random: this.#ports.random });
    // What a release brings and the store does not have yet is worth what is declared of it.
    for (const { key, declaration } of before?.flags ?? [])
      if (next.get(key) === undefined) this.#safe.add(key, declaration);
    this.#set = next;
    this.#origin = origin;
    if (this.#listeners.size > 0) {
      const changed = changedKeys(before, document);
      const { epoch, revision } = document;
      this.#emit({
        kind: "applied",
        origin,
        epoch,
        revision,
        changed,
        appliedMs: this.#ports.monotonic() - started,
      });
    }
    if (origin === "store") this.#save(document);
  }

  #save(document: FlagDocument): void {
    const written = this.#options.lastKnown?.write({ document, savedAt: this.#ports.now() });
    written?.catch((error: unknown) => this.#report("file", `last-known file: ${messageOf(error)}`));
  }

  #confirm(): void {
    const wasStale = this.#announcedStale;
    this.#confirmedAt = this.#ports.monotonic();
    this.#fresh = true;
    this.#announcedStale = false;
    if (this.#problem?.failure !== "file") this.#problem = null;
    this.#origin = "store";
    this.#firstAnswer.resolve();
    if (wasStale) this.#emit({ kind: "fresh" });
  }

  #fail(failure: FlagProblem, message: string): void {
    this.#report(failure, message);
    const { state, ageMs } = this.status();
    if (state !== "STALE" || this.#announcedStale) return;
    this.#announcedStale = true;
    this.#emit({ kind: "stale", ageMs });
  }

  #report(failure: FlagProblem, message: string): void {
    const same = this.#problem?.failure === failure && this.#problem.message === message;
    this.#problem = { failure, message };
    if (!same) this.#emit({ kind: "problem", failure, message });
  }

  /** A file that cannot be read or is not valid is reported, and what was there before stays. */
  #guardFile(what: string, read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#report("file", `${what}: ${messageOf(error)}`);
    }
  }

  #emit(event: FlagEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // A kill has to be applied whatever a listener does; status() shows what it threw.
        this.#problem = { failure: "listener", message: messageOf(error) };
      }
    }
  }
}

/** Not a secret, only unlike any other: loading the runtime's cryptography would take longer than all of the start. */
const randomInstance = ({ now, random }: ClientPorts): string =>
  `${now().toString(36)}-${random().toString(36).slice(2, 12)}${random().toString(36).slice(2, 12)}`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

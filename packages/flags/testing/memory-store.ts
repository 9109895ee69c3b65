import type { Flag } from "../src/document/flag.ts";
import type { FlagRevision } from "../src/document/flag-revision.ts";
import type { FlagAcknowledgement, FlagSource } from "../src/source/flag-source.ts";
import { FlagSourceError } from "../src/source/flag-source-error.ts";
import { makeDocument } from "./make-flag.ts";

/** How a store behaves. `silent` is a black hole: it neither answers nor heeds the signal. */
export type StoreMood = "up" | "down" | "silent" | "denied" | "nonsense";

/** A store in memory whose troubles can be chosen, for what a client makes of them. */
export class MemoryStore {
  mood: StoreMood = "up";
  epoch = "one";
  revision = 1;
  flags: readonly Flag[];
  /** Instead of the document, when set. */
  answer: unknown;
  readonly acknowledgements: FlagAcknowledgement[] = [];
  reads = { revision: 0, document: 0 };
  closed = false;
  readonly #listeners = new Set<(hint: FlagRevision | null) => void>();

  constructor(flags: readonly Flag[]) {
    this.flags = flags;
  }

  /** Changes the flags without telling anybody. */
  write(flags: readonly Flag[]): void {
    this.flags = flags;
    this.revision += 1;
  }

  hint(hint: FlagRevision | null): void {
    for (const listener of this.#listeners) listener(hint);
  }

  source(): FlagSource {
    return {
      name: "memory",
      fetchRevision: () => {
        this.reads.revision += 1;
        return this.#answer(() => ({ epoch: this.epoch, revision: this.revision }));
      },
      fetchDocument: () => {
        this.reads.document += 1;
        return this.#answer(
          () => this.answer ?? structuredClone(makeDocument(this.flags, this.revision, this.epoch)),
        );
      },
      subscribe: (onHint) => {
        this.#listeners.add(onHint);
        return () => this.#listeners.delete(onHint);
      },
      acknowledge: (acknowledgement) =>
        this.#answer(() => {
          this.acknowledgements.push(acknowledgement);
        }),
      close: async () => {
        this.closed = true;
      },
    };
  }

  async #answer<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    if (this.mood === "silent") return new Promise<T>(() => {});
    if (this.mood === "down") throw new FlagSourceError("unreachable", "connection refused");
    if (this.mood === "denied") throw new FlagSourceError("denied", "401");
    return this.mood === "nonsense" ? ("<html>" as T) : answer();
  }
}

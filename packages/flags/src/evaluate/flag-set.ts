import type { Flag } from "../document/flag.ts";
import type { FlagDocument } from "../document/flag-document.ts";
import { CompiledFlag, compileFlag, type FlagSurroundings } from "./compile-flag.ts";
import type { FlagContext } from "./flag-context.ts";
import { type FlagResult, flagResult } from "./flag-result.ts";

/** The clock and the dice, to be replaced in tests. */
export interface EvaluationPorts {
  /** Milliseconds since 1970, for dates. */
  readonly now?: () => number;
  /** In [0, 1), for `random` stickiness only. */
  readonly random?: () => number;
}

const nobody: FlagContext = Object.freeze({});

/**
 * The flags of one document, ready to be asked: synchronous, without I/O, never throwing. A flag is compiled when
 * it is asked for the first time, so that 10,000 flags cost a start nothing.
 *
 * @example
 * const set = new FlagSet(parseFlagDocument(json));
 * set.evaluate("new-checkout", { userId: "u-7" })?.on; // undefined when there is no such flag
 */
export class FlagSet {
  readonly document: FlagDocument;
  /** Each flag as it is in the document, until it is asked for. */
  readonly #flags: Map<string, Flag | CompiledFlag>;
  readonly #surroundings: FlagSurroundings;

  constructor(document: FlagDocument, ports: EvaluationPorts = {}) {
    this.document = document;
    this.#flags = new Map();
    for (const flag of document.flags) this.#flags.set(flag.key, flag);
    this.#surroundings = {
      segments: new Map(document.segments.map((segment) => [segment.id, segment])),
      now: ports.now ?? Date.now,
      random: ports.random ?? Math.random,
      find: (key) => this.#find(key),
    };
  }

  /** The flag's result for the context, or undefined when the document does not have it. */
  evaluate(key: string, context: FlagContext | null | undefined): FlagResult | undefined {
    const compiled = this.#find(key);
    if (compiled === undefined) return undefined;
    try {
      return compiled.evaluate(context ?? nobody);
    } catch {
      // Only a context that throws when it is read gets here; whoever asks for a flag is never thrown at.
      return flagResult(false, compiled.flag.declaration.safeValue, "ERROR", null, "GENERAL");
    }
  }

  /** The flag as the document has it. */
  get(key: string): Flag | undefined {
    const found = this.#flags.get(key);
    return found instanceof CompiledFlag ? found.flag : found;
  }

  #find(key: string): CompiledFlag | undefined {
    const found = this.#flags.get(key);
    if (found === undefined || found instanceof CompiledFlag) return found;
    const compiled = compileFlag(found, this.#surroundings);
    this.#flags.set(key, compiled);
    return compiled;
  }
}

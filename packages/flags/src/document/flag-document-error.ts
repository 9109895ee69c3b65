/** A document that cannot be used. The reader keeps what it has and reports this. */
export class FlagDocumentError extends Error {
  override readonly name = "FlagDocumentError" as const;
  /** Where: `flags[3].state.rollout`. */
  readonly path: string;
  readonly #wanted: string;
  readonly #found: unknown;

  constructor(path: string, wanted: string, found: unknown) {
    super(`${path} must be ${wanted}, not ${show(found)}`);
    this.path = path;
    this.#wanted = wanted;
    this.#found = found;
  }

  /** The same, seen from further up. */
  inside(step: string): FlagDocumentError {
    const dot = this.path === "" || this.path.startsWith("[") ? "" : ".";
    return new FlagDocumentError(`${step}${dot}${this.path}`, this.#wanted, this.#found);
  }
}

/** The value in at most 40 characters: documents may be large, and what is in them may be personal. */
function show(value: unknown): string {
  if (value === undefined) return "absent";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

import type { FlagDocument } from "../document/flag-document.ts";

/** Where a client keeps what it last knew, so that a restart with the store down starts with it. */
export interface LastKnown {
  /** What was saved, or null; synchronous, so that the first answer is the right one. May throw. */
  read(): SavedFlags | null;
  write(saved: { readonly document: FlagDocument; readonly savedAt: number }): Promise<void>;
}

/** Unchecked: it comes from outside. */
export interface SavedFlags {
  readonly document: unknown;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

/** The local override; looked at before every poll. */
export interface OverrideFile {
  /** Its content as JSON when it changed since the last call, `unchanged`, or null when there is none. May throw. */
  read(): { readonly values: unknown } | "unchanged" | null;
}

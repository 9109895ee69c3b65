import type { ImportProblem, Layout } from "./foreign-migration.ts";

/** One migration of an import: where it comes from and what will be written. */
export interface PlannedImport {
  readonly id: string;
  readonly from: string;
  readonly downFrom: string | null;
  readonly up: string;
  readonly down: string | null;
  /** What differs from the other tool's files, in words for people. */
  readonly changes: readonly string[];
  /** `new`, or `same` where both files are there already, byte for byte. */
  readonly state: "new" | "same";
}

/** Everything that an import would do. With a problem in it nothing is written. */
export interface ImportPlan {
  readonly layout: Layout;
  readonly migrations: readonly PlannedImport[];
  readonly problems: readonly ImportProblem[];
  readonly skipped: readonly string[];
}

/** How to import. */
export interface ImportOptions {
  readonly from: Layout | "auto";
  /** Our migrations folder. */
  readonly into: string;
  readonly now: Date;
  /** Why versions may be missing in the sequence; without it a gap is a problem. Written into the file after the gap. */
  readonly gapReason?: string;
}

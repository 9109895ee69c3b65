/** The layouts that can be imported. */
export const layouts = [
  "supabase",
  "dbmate",
  "node-pg-migrate",
  "golang-migrate",
  "flyway",
  "goose",
  "sql-migrate",
  "prisma",
  "diesel",
] as const;

export type Layout = (typeof layouts)[number];

/** A migration as another tool keeps it. */
export interface ForeignMigration {
  /** Digits, or parts of digits with dots between them (Flyway). */
  readonly version: string;
  readonly name: string;
  /** The file of the up SQL, relative to the folder that is read. */
  readonly file: string;
  /** On the lines that it has in its file, so that places in it are those of the file. */
  readonly up: string;
  /** The file of the rollback SQL; the same as `file` where one file holds both. */
  readonly downFile: string | null;
  /** `null` where there is none. */
  readonly down: string | null;
}

/** Something that stands in the way of an import; nothing is written then. */
export interface ImportProblem {
  readonly file: string;
  readonly why: string;
  readonly todo: string;
}

/** What a folder of another tool holds. */
export interface ForeignFolder {
  readonly layout: Layout;
  readonly migrations: readonly ForeignMigration[];
  readonly problems: readonly ImportProblem[];
  /** Files that are left out, because the other tool does not run them either. */
  readonly skipped: readonly string[];
}

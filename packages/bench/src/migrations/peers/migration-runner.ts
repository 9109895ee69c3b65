/** A program that brings a database to the fixture's migrations, as one process. */
export interface MigrationRunner {
  readonly name: string;
  /** The command line that migrates the database at a URL. */
  readonly command: (url: string) => readonly string[];
  readonly env?: (url: string) => Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** A runner, or why it cannot be measured here. */
export type MigrationPeer = MigrationRunner | { readonly name: string; readonly leftOut: string };

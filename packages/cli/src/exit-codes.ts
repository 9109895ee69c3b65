/** What a command ended as; documented, stable, the same for every command. */
export const exitCodes = {
  /** Done. */
  done: 0,
  /** Failed; nothing changed, or everything was undone. */
  failed: 1,
  /** A gate refused; nothing changed. */
  refused: 2,
  /** The release failed and the environment was rolled back. */
  rolledBack: 3,
  /** The environment needs a person. */
  needsPerson: 4,
  /** The command line was not understood. */
  usage: 64,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

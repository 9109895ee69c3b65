/** Selects a stack, and makes it when the backend does not know it yet. */
export const selectStack = (stack: string): string[] => [
  "stack",
  "select",
  "--create",
  stack,
  "--non-interactive",
];

/**
 * One update, with its events as JSON lines. The preview is ours, made from the ledger and shown before;
 * the provider's guards run in `check`, with or without Pulumi's.
 */
export const up = (stack: string): string[] => [
  "up",
  "--stack",
  stack,
  "--yes",
  "--skip-preview",
  "--non-interactive",
  "--json",
];

/** Takes away the lock of a run that is gone. */
export const cancel = (stack: string): string[] => ["cancel", "--stack", stack, "--yes", "--non-interactive"];

/** Prints one output of a stack. */
export const stackOutput = (stack: string, name: string): string[] => [
  "stack",
  "output",
  name,
  "--stack",
  stack,
  "--non-interactive",
];

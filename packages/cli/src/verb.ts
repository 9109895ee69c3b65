import type { CliContext, OutputFormat } from "./cli-context.ts";
import { reportError } from "./report-error.ts";

/**
 * Makes the function of a command: whatever its work throws is told as people or machines read it, and ends
 * with the exit code that belongs to it.
 */
export function verb<FLAGS extends { readonly output: OutputFormat }, ARGS extends readonly unknown[]>(
  work: (context: CliContext, flags: FLAGS, ...args: ARGS) => void | Promise<void>,
) {
  return async function (this: CliContext, flags: FLAGS, ...args: ARGS): Promise<void> {
    try {
      await work(this, flags, ...args);
    } catch (error) {
      reportError(this, flags.output, error);
    }
  };
}

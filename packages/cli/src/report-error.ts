import { isSlipwayError, renderError, SlipwayError } from "@slipway/kernel";
import type { CliContext, OutputFormat } from "./cli-context.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

/** An error as JSON, the same in every command's output. */
export interface ErrorView {
  readonly code: string;
  readonly what: string;
  readonly why: string | null;
  readonly todo: string;
}

/** Reduces an error to its view. */
export function errorView({ code, what, why, todo }: SlipwayError): ErrorView {
  return { code, what, why: why ?? null, todo };
}

/** The exit code of a command that ended with this error before anything was changed, or with all of it undone. */
export function exitCodeOfError(error: SlipwayError): ExitCode {
  if (error.code === "USAGE") return exitCodes.usage;
  return error.refusal ? exitCodes.refused : exitCodes.failed;
}

/** Writes an error as people or machines read it and sets the exit code that belongs to it. */
export function reportError(
  context: CliContext,
  format: OutputFormat,
  error: unknown,
  exitCode?: ExitCode,
): void {
  const known = isSlipwayError(error) ? error : bug(error, context.process.env.SLIPWAY_DEBUG === "1");
  const code = exitCode ?? exitCodeOfError(known);
  if (format !== "text") context.result(format, { error: errorView(known), exitCode: code }, "");
  context.progress(`${context.style("red", "error")} ${renderError(known)}`);
  context.exit(code);
}

// A stack trace tells a user nothing; whoever reports the bug can have it.
function bug(error: unknown, withStack: boolean): SlipwayError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return new SlipwayError("INTERNAL", {
    what: "Slipway failed",
    why: withStack ? (stack ?? message) : message,
    ...(withStack ? {} : { todo: "Run it again with SLIPWAY_DEBUG=1, and report what it prints" }),
    cause: error,
  });
}

import { styleText } from "node:util";
import { createRedactor, type Redactor } from "@slipway/kernel";
import type { CommandContext } from "@stricli/core";
import type { ExitCode } from "./exit-codes.ts";

/** How results are written: for people, as one JSON document, or as one JSON line per event. */
export type OutputFormat = "text" | "json" | "ndjson";

/** The process around a command. Tests give their own. */
export interface CliProcess {
  readonly stdout: { write(text: string): void; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): void; readonly isTTY?: boolean };
  readonly stdin: { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  exitCode?: number | string | null | undefined;
}

/** What every command gets: results on stdout, progress on stderr, colours only on a terminal. */
export interface CliContext extends CommandContext {
  readonly process: CliProcess;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  /** One line for people, on stderr. */
  progress(line: string): void;
  /** The command's result: the data as JSON, or the text that a renderer makes of it. */
  result(format: OutputFormat, data: unknown, text: string): void;
  /** One event of a running command; written in `ndjson` only. */
  event(format: OutputFormat, event: Readonly<Record<string, unknown>>): void;
  /** A style on a terminal, the plain text elsewhere. */
  style(format: Parameters<typeof styleText>[0], text: string): string;
  exit(code: ExitCode): void;
}

/** Makes the context of one invocation. */
export function cliContext(process: CliProcess, signal: AbortSignal): CliContext {
  const redactor = createRedactor();
  const colours = (stream: { readonly isTTY?: boolean }) => stream.isTTY === true && !process.env.NO_COLOR;
  const line = (stream: CliProcess["stdout"], text: string) =>
    stream.write(text.endsWith("\n") ? text : `${text}\n`);
  // Value by value: a pattern that masks `token=…` in text must not break the document around it.
  const json = (data: unknown, indent?: number) =>
    JSON.stringify(
      data,
      (_key, value: unknown) => (typeof value === "string" ? redactor.redact(value) : value),
      indent,
    );
  return {
    process,
    redactor,
    signal,
    progress: (text) => line(process.stderr, redactor.redact(text)),
    result(format, data, text) {
      if (format === "json") line(process.stdout, json(data, 2));
      else if (format === "ndjson")
        line(process.stdout, json({ event: "result", ...(isRecord(data) ? data : { data }) }));
      else if (text !== "") line(process.stdout, redactor.redact(text));
    },
    event(format, event) {
      if (format === "ndjson") line(process.stdout, json(event));
    },
    style: (format, text) =>
      colours(process.stderr) ? styleText(format, text, { validateStream: false }) : text,
    exit(code) {
      process.exitCode = code;
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

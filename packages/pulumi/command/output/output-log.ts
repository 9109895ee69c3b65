import type { EngineLog } from "../../plugin/engine-log.ts";
import { createLineSplitter } from "./line-splitter.ts";

export type StreamName = "stdout" | "stderr";

/** The values of the `logging` input. */
export const loggingChoices = ["stdout", "stderr", "stdoutAndStderr", "none"] as const;
export type Logging = (typeof loggingChoices)[number];

/** Shows a command's output while it runs. */
export interface OutputLog {
  readonly shows: (stream: StreamName) => boolean;
  write(stream: StreamName, chunk: Buffer): void;
  /** Resolves once everything shown has reached the engine. */
  end(): Promise<void>;
}

export interface OutputLogOptions {
  readonly logging: Logging | undefined;
  /** The command is given secrets: its output is shown only when `logging` asks for it. */
  readonly secretive: boolean;
  readonly redact: (text: string) => string;
  readonly send: (line: string) => Promise<void>;
}

/** Beyond this many lines on their way to the engine, lines are left out: the command does not wait for the terminal. */
const MOST_PENDING = 500;

/** Streams lines of output as status lines, with secrets masked, at the pace of the engine. */
export function createOutputLog(options: OutputLogOptions): OutputLog {
  const shows = shownStreams(options.logging, options.secretive);
  let pending = 0;
  let dropped = 0;
  let last: Promise<void> = Promise.resolve();

  const send = (line: string) => {
    pending++;
    last = options.send(line).then(() => {
      pending--;
    });
  };
  const onLine = (line: string) => {
    if (pending >= MOST_PENDING) {
      dropped++;
      return;
    }
    if (dropped > 0) send(`… ${dropped} lines are not shown`);
    dropped = 0;
    send(options.redact(line));
  };
  const splitters = { stdout: createLineSplitter(onLine), stderr: createLineSplitter(onLine) };

  return {
    shows,
    write: (stream, chunk) => {
      if (shows(stream)) splitters[stream].push(chunk);
    },
    end: async () => {
      for (const splitter of Object.values(splitters)) splitter.end();
      if (dropped > 0) send(`… ${dropped} lines are not shown`);
      await last;
    },
  };
}

/** Which streams may be shown, as status lines and in the text of an error. */
export function shownStreams(
  logging: Logging | undefined,
  secretive: boolean,
): (stream: StreamName) => boolean {
  const shown = logging ?? (secretive ? "none" : "stdoutAndStderr");
  return (stream) => shown === "stdoutAndStderr" || shown === stream;
}

/** Sends lines as status lines of one resource. */
export const statusLines = (log: EngineLog, urn: string) => (line: string) =>
  log.log("info", line, { urn, ephemeral: true });

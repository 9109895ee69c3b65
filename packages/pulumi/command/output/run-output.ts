import type { CommandRun, Operation } from "../resources/operation.ts";
import { captureOutput } from "./captured-output.ts";
import { failureMessage } from "./failure-message.ts";
import { createOutputLog, type StreamName, statusLines } from "./output-log.ts";

/** The output of one run of a command: kept for the state, shown as it comes, and quoted when the run fails. */
export interface RunOutput {
  take(stream: StreamName, chunk: Buffer): void;
  /** One stream as the state keeps it. */
  text(stream: StreamName): string;
  /** The error of a run that failed. */
  failure(how: string): Error;
  /** Resolves once everything shown has reached the engine. */
  end(): Promise<void>;
}

export function createRunOutput(run: CommandRun, { log, urn, redact }: Operation): RunOutput {
  const captured = captureOutput();
  const { logging, secretive, command } = run;
  const shown = createOutputLog({ logging, secretive, redact, send: statusLines(log, urn) });
  return {
    take(stream, chunk) {
      captured.add(stream, chunk);
      shown.write(stream, chunk);
    },
    text: captured.text,
    failure(how) {
      const output = redact(captured.interleaved(shown.shows));
      const hidden = !shown.shows("stdout") || !shown.shows("stderr");
      return new Error(failureMessage({ how, command, secretive, output, hidden }));
    },
    end: shown.end,
  };
}

import type { StreamName } from "./output-log.ts";

/** Everything that a command wrote. */
export interface CapturedOutput {
  add(stream: StreamName, chunk: Buffer): void;
  /** One stream as the state keeps it: without the last line break. */
  text(stream: StreamName): string;
  /** The streams that pass the test, in the order in which they were written. */
  interleaved(shows: (stream: StreamName) => boolean): string;
}

export function captureOutput(): CapturedOutput {
  const chunks: { stream: StreamName; chunk: Buffer }[] = [];
  const joined = (test: (stream: StreamName) => boolean) =>
    Buffer.concat(chunks.filter(({ stream }) => test(stream)).map(({ chunk }) => chunk)).toString();
  return {
    add: (stream, chunk) => void chunks.push({ stream, chunk }),
    text: (stream) => joined((name) => name === stream).replace(/\n$/, ""),
    interleaved: joined,
  };
}

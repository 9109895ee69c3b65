/** A command that did not succeed, as far as it may be shown. */
export interface Failure {
  /** How it ended: `exit status 3`, `timed out after 5 s`. */
  readonly how: string;
  readonly command: string;
  /** The command, or what it was given, is secret: its text is not shown. */
  readonly secretive: boolean;
  /** What it wrote, in order, to the streams that may be shown. */
  readonly output: string;
  /** Some of the output may not be shown. */
  readonly hidden: boolean;
}

/** The message travels in an HTTP/2 trailer that Node limits to 64 KiB, three bytes for one that is encoded. */
const MOST_OUTPUT_BYTES = 12_000;
const MOST_COMMAND_CHARACTERS = 500;

/**
 * The text of the error: how it ended, the command, and the end of its output.
 *
 * @example
 * failureMessage({ how: "exit status 3", command: "exit 3", secretive: false, output: "no\n", hidden: false });
 * // 'exit status 3: running "exit 3":\nno\n'
 */
export function failureMessage(failure: Failure): string {
  const what = failure.secretive
    ? "running a command that is given secrets"
    : `running ${quoted(failure.command)}`;
  const hint = failure.hidden
    ? "\n(what it wrote is not all shown: secrets, or the input `logging`, forbid it)"
    : "";
  return `${failure.how}: ${what}:\n${tail(failure.output)}${hint}`;
}

function quoted(command: string): string {
  if (command.length <= MOST_COMMAND_CHARACTERS) return JSON.stringify(command);
  const left = command.length - MOST_COMMAND_CHARACTERS;
  return `${JSON.stringify(command.slice(0, MOST_COMMAND_CHARACTERS))} … (${left} more characters)`;
}

function tail(output: string): string {
  const bytes = Buffer.from(output);
  if (bytes.length <= MOST_OUTPUT_BYTES) return output;
  // A character cut in two at the front decodes to a replacement mark.
  const end = bytes
    .subarray(-MOST_OUTPUT_BYTES)
    .toString()
    .replace(/^\uFFFD+/, "");
  return `… (${bytes.length - MOST_OUTPUT_BYTES} bytes left out)\n${end}`;
}

import { shellQuote } from "./shell-quote.ts";

/** What a shell on the other machine is to do. */
export interface RemoteTask {
  readonly command: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly stdin: string | undefined;
  /** Written to stderr, as a line, when the command is about to start: the connection stands. */
  readonly marker: string;
}

/** The command that ssh is given: a shell that reads the script from its input, whatever the user's own shell is. */
export const REMOTE_SHELL = "exec /bin/sh";

/** Seconds that the command has to end after it was asked to, before it is killed. */
const GRACE_SECONDS = 2;

/**
 * The script for {@link REMOTE_SHELL}. Everything is in the script: in a command line other users of the machine
 * could read it, and variables would depend on what its sshd accepts. It is one compound command, so that a script
 * cut off by a broken connection does nothing.
 *
 * The input is kept open after the script. When it ends (cancelled, connection lost, or this side killed), the
 * command's whole process group is asked to end, and then killed. sshd makes one group for each session.
 */
export function remoteScript({ command, variables, stdin, marker }: RemoteTask): string {
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
  const run = `"\${SHELL:-/bin/sh}" -c ${shellQuote(command)} 3<&-`;
  return `${[
    "{",
    ...exports,
    "exec 3<&0",
    "(",
    "trap '' TERM HUP",
    "while read -r _; do :; done <&3",
    "kill -s TERM -- -$$ || kill -s TERM $$",
    `sleep ${GRACE_SECONDS}`,
    "kill -s KILL -- -$$",
    ") >/dev/null 2>&1 </dev/null &",
    "watch=$!",
    `echo ${shellQuote(marker)} >&2`,
    stdin ? `printf %s ${shellQuote(stdin)} | ${run}` : `${run} </dev/null`,
    "status=$?",
    "exec 2>/dev/null",
    "kill -s KILL $watch",
    "exit $status",
    "}",
  ].join("\n")}\n`;
}

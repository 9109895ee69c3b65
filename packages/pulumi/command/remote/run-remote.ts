import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { awaitGroup, type Exit } from "../local/await-group.ts";
import { commandVariables } from "../local/child-environment.ts";
import { endGroup } from "../local/process-group.ts";
import { captureOutput } from "../output/captured-output.ts";
import { failureMessage } from "../output/failure-message.ts";
import { createOutputLog, type StreamName, statusLines } from "../output/output-log.ts";
import type { CommandResult, CommandRun, Operation } from "../resources/operation.ts";
import { openConnection } from "./connection.ts";
import { dialError } from "./dial-error.ts";
import { markerFilter } from "./marker-filter.ts";
import { REMOTE_SHELL, remoteScript } from "./remote-script.ts";
import { overSsh, sshNotStarted } from "./ssh-process.ts";

/** Longer than the other side takes to end the command, shorter than Pulumi waits for a plugin to end. */
const REMOTE_GRACE_MS = 3_000;

/** Runs a command on another machine, in the login shell of the user there. */
export async function runRemote(run: CommandRun, operation: Operation): Promise<CommandResult> {
  const connection = openConnection(run.inputs);
  const { variables, tooLong } = commandVariables(run.environment, run.previous);
  for (const name of tooLong) {
    await operation.log.log(
      "warning",
      `${name} is not set: the output of the last run is over 128 KiB`,
      operation,
    );
  }
  const marker = `command-${randomBytes(12).toString("hex")}`;
  const script = remoteScript({ command: run.command, variables, stdin: run.stdin, marker });
  const shown = createOutputLog({
    ...run,
    redact: operation.redact,
    send: statusLines(operation.log, operation.urn),
  });

  const attempt = async (ssh: ChildProcess) => {
    const output = captureOutput();
    const take = (stream: StreamName, chunk: Buffer) => {
      output.add(stream, chunk);
      shown.write(stream, chunk);
    };
    const stderr = markerFilter(marker, (chunk) => take("stderr", chunk));
    const ended = awaitGroup(ssh, {
      signal: operation.signal,
      onOutput: (stream, chunk) => (stream === "stderr" ? stderr.push(chunk) : take(stream, chunk)),
      end: endRemote,
    });
    ssh.stdin?.write(script);
    const exit = await ended.catch((error: NodeJS.ErrnoException) => {
      throw sshNotStarted(error);
    });
    if (!stderr.seen && exit.kind !== "aborted")
      throw dialError(connection, stderr.before + output.text("stdout"));
    return { exit, output };
  };

  try {
    const { exit, output } = await overSsh(connection, { command: REMOTE_SHELL }, operation, attempt);
    const how = remoteFailure(exit);
    if (how === undefined) return { stdout: output.text("stdout"), stderr: output.text("stderr") };
    throw new Error(
      failureMessage({
        how,
        command: run.command,
        secretive: run.secretive,
        output: operation.redact(output.interleaved(shown.shows)),
        hidden: !shown.shows("stdout") || !shown.shows("stderr"),
      }),
    );
  } finally {
    await shown.end();
  }
}

/** The end of its input makes the other side end the command; ssh itself ends after that, or is ended. */
async function endRemote(ssh: ChildProcess): Promise<void> {
  ssh.stdin?.end();
  const closed = new Promise<void>((done) => ssh.once("close", () => done()));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((done) => {
    timer = setTimeout(done, REMOTE_GRACE_MS, "late");
  });
  if ((await Promise.race([closed, late])) === "late") await endGroup(ssh, 0);
  clearTimeout(timer);
}

/** How the command ended, as the official plugin words it; `undefined` for success. */
function remoteFailure(exit: Exit): string | undefined {
  if (exit.kind === "aborted") return exit.reason.message;
  if (exit.kind === "signalled") return `ssh was ended by ${exit.signal}`;
  if (exit.status === 0) return undefined;
  // ssh's own failures look like a command that ends with 255.
  const lost = exit.status === 255 ? " (or the connection was lost)" : "";
  return `Process exited with status ${exit.status}${lost}`;
}

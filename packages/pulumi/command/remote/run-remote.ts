import { randomBytes } from "node:crypto";
import { awaitGroup, type Exit } from "../local/await-group.ts";
import { createRunOutput } from "../output/run-output.ts";
import { givenVariables } from "../resources/given-variables.ts";
import type { CommandResult, CommandRun, Operation } from "../resources/operation.ts";
import { openConnection } from "./connection.ts";
import { dialError } from "./dial-error.ts";
import { markerFilter } from "./marker-filter.ts";
import { REMOTE_SHELL, remoteScript } from "./remote-script.ts";
import { endSession, overSsh, sshNotStarted } from "./ssh-process.ts";

/** Longer than the other side takes to end the command, shorter than Pulumi waits for a plugin to end. */
const REMOTE_GRACE_MS = 3_000;

/** Runs a command on another machine, in the login shell of the user there. */
export async function runRemote(run: CommandRun, operation: Operation): Promise<CommandResult> {
  const connection = openConnection(run.inputs);
  const variables = await givenVariables(run, [run.command], operation);
  const marker = `command-${randomBytes(12).toString("hex")}`;
  const script = remoteScript({ command: run.command, variables, stdin: run.stdin, marker });

  return overSsh(connection, { command: REMOTE_SHELL }, operation, async (ssh) => {
    const output = createRunOutput(run, operation);
    const stderr = markerFilter(marker, (chunk) => output.take("stderr", chunk));
    const exit = awaitGroup(ssh, {
      signal: operation.signal,
      onOutput: (stream, chunk) => (stream === "stderr" ? stderr.push(chunk) : output.take(stream, chunk)),
      // The end of its input makes the other side end the command, and ssh ends after that.
      end: (ssh) => endSession(ssh, REMOTE_GRACE_MS),
    });
    ssh.stdin?.write(script);
    const ended = await exit.catch(sshNotStarted).finally(output.end);
    if (!stderr.seen && ended.kind !== "aborted")
      throw dialError(connection, stderr.before + output.text("stdout"));
    const how = remoteFailure(ended);
    if (how !== undefined) throw output.failure(how);
    return { stdout: output.text("stdout"), stderr: output.text("stderr") };
  });
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

import type { ChildProcess } from "node:child_process";
import { ambientEnvironment } from "../local/child-environment.ts";
import { startGroup } from "../local/process-group.ts";
import { statusLines } from "../output/output-log.ts";
import type { Operation } from "../resources/operation.ts";
import type { Connection } from "./connection.ts";
import { writeConnectionFiles } from "./connection-files.ts";
import { dial } from "./dial.ts";
import { type SshTask, sshArgv } from "./ssh-argv.ts";

/**
 * Opens a connection and works over it, trying again until it comes about.
 *
 * @param work gets a running ssh, not yet known to be connected. It throws a `DialError` when the connection did
 * not come about, and ends the ssh in every case.
 */
export async function overSsh<Result>(
  connection: Connection,
  task: SshTask,
  operation: Operation,
  work: (ssh: ChildProcess) => Promise<Result>,
): Promise<Result> {
  const { files, remove } = writeConnectionFiles(connection);
  const status = statusLines(operation.log, operation.urn);
  const limit = connection.dialErrorLimit;
  const onRetry = (attempt: number) =>
    void status(`Dial ${attempt}/${limit < 0 ? "inf" : limit} failed: retrying`);
  const env = { ...ambientEnvironment(process.env), ...files.variables };
  try {
    return await dial({ limit, signal: operation.signal, onRetry }, () =>
      work(startGroup(sshArgv(connection, files, task), { env, stdin: "pipe" })),
    );
  } finally {
    remove();
  }
}

/** What a person has to do when ssh itself could not be started. */
export function sshNotStarted(error: NodeJS.ErrnoException): Error {
  if (error.code !== "ENOENT") return error;
  return new Error("Cannot connect: there is no ssh on this machine. Install the OpenSSH client");
}

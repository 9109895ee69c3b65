import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { ambientEnvironment } from "../local/child-environment.ts";
import { endGroup, startGroup } from "../local/process-group.ts";
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

/** Ends a session by the end of its input; an ssh that is still there after the grace is killed. */
export async function endSession(ssh: ChildProcess, graceMs: number): Promise<void> {
  ssh.stdin?.end();
  if (ssh.pid === undefined || ssh.exitCode !== null || ssh.signalCode !== null) return;
  const late = AbortSignal.timeout(graceMs);
  await Promise.race([once(ssh, "exit"), once(late, "abort")]);
  if (late.aborted) await endGroup(ssh, 0);
}

/** Says what to do when ssh itself could not be started. */
export function sshNotStarted(error: NodeJS.ErrnoException): never {
  if (error.code !== "ENOENT") throw error;
  throw new Error("Cannot connect: there is no ssh on this machine. Install the OpenSSH client");
}

import type { ChildProcess } from "node:child_process";
import { endGroup } from "../local/process-group.ts";
import type { Operation } from "../resources/operation.ts";
import type { Connection } from "./connection.ts";
import { copyTree, type Source } from "./copy-tree.ts";
import { dialError } from "./dial-error.ts";
import { openSftp } from "./sftp-client.ts";
import { endSession, overSsh, sshNotStarted } from "./ssh-process.ts";

/** Ample for a session in which everything has been answered. */
const SESSION_END_MS = 1_000;

/** Copies a text, a file or a folder to another machine, over the SFTP that its sshd offers. */
export async function copyRemote(
  connection: Connection,
  source: Source,
  remotePath: string,
  operation: Operation,
): Promise<void> {
  await overSsh(connection, { command: "sftp", subsystem: true }, operation, async (ssh) => {
    const end = () => void endGroup(ssh, 0);
    operation.signal.addEventListener("abort", end, { once: true });
    try {
      await copyOver(ssh, connection, source, remotePath);
    } catch (error) {
      if (!operation.signal.aborted) throw error;
      throw new Error(`${operation.signal.reason.message}: copying to ${connection.host}`);
    } finally {
      operation.signal.removeEventListener("abort", end);
      await endSession(ssh, SESSION_END_MS);
    }
  });
}

async function copyOver(
  ssh: ChildProcess,
  connection: Connection,
  source: Source,
  remotePath: string,
): Promise<void> {
  let written = "";
  ssh.stderr?.on("data", (chunk: Buffer) => {
    written += chunk.toString();
  });
  // The end of the other side shows as the end of its output.
  ssh.stdin?.on("error", () => {});
  const notStarted = new Promise<never>((_, reject) => ssh.once("error", reject)).catch(sshNotStarted);
  const closed = new Promise<void>((done) => ssh.once("close", () => done()));
  const opened = openSftp(ssh.stdout!, ssh.stdin!).catch(async () => {
    await closed;
    throw dialError(connection, written);
  });
  const sftp = await Promise.race([opened, notStarted]);
  await copyTree(sftp, source, remotePath);
}

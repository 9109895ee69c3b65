import { fileURLToPath } from "node:url";
import type { Connection, Hop } from "./connection.ts";
import { knownHosts, parseHostKey } from "./host-key.ts";
import { type PrivateFile, privateFile } from "./private-file.ts";
import type { ConnectionFiles, HopFiles } from "./ssh-argv.ts";

/** The files of a connection, until they are removed. */
export interface OpenFiles {
  readonly files: ConnectionFiles;
  remove(): void;
}

/** Writes what ssh cannot be given otherwise: private keys, expected host keys, and the answers to its questions. */
export function writeConnectionFiles(connection: Connection): OpenFiles {
  const written: PrivateFile[] = [];
  const write = (content: string) => {
    const file = privateFile(content.endsWith("\n") ? content : `${content}\n`);
    written.push(file);
    return file.path;
  };
  const remove = () => {
    for (const file of written) file.remove();
  };
  try {
    const proxy = connection.proxy && hopFiles(connection.proxy, write);
    return { files: { ...hopFiles(connection, write), ...(proxy && { proxy }) }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function hopFiles(hop: Hop, write: (content: string) => string): HopFiles {
  const hostKey = hop.hostKey === undefined ? undefined : parseHostKey(hop.hostKey);
  const { password, privateKey, privateKeyPassword, agentSocketPath } = hop;
  const asks = password !== undefined || privateKeyPassword !== undefined;
  return {
    ...(privateKey !== undefined && { privateKey: write(privateKey) }),
    ...(hostKey && { knownHosts: write(knownHosts(hostKey)) }),
    variables: {
      ...(asks && {
        SSH_ASKPASS: fileURLToPath(import.meta.resolve("./askpass")),
        SSH_ASKPASS_REQUIRE: "force",
      }),
      ...(password !== undefined && { SLIPWAY_SSH_PASSWORD: write(password) }),
      ...(privateKeyPassword !== undefined && { SLIPWAY_SSH_PASSPHRASE: write(privateKeyPassword) }),
      ...(agentSocketPath !== undefined && { SSH_AUTH_SOCK: agentSocketPath }),
    },
  };
}

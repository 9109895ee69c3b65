import type { Connection, Hop } from "./connection.ts";
import { HOST_KEY_ALIAS } from "./host-key.ts";
import { shellCommand } from "./shell-quote.ts";

/** Where the files are that ssh has to read for one machine. */
export interface HopFiles {
  readonly privateKey?: string;
  readonly knownHosts?: string;
  /** Variables for this ssh alone: the askpass helper and what it may read, the agent. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface ConnectionFiles extends HopFiles {
  readonly proxy?: HopFiles;
}

/** Dead connections are noticed after a minute; without this, never. */
const KEEP_ALIVE = ["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"];

/**
 * The command line that opens a connection. Neither secrets nor the user's own ssh configuration are in it.
 *
 * @param what options and command for the other side, such as `["-s", "sftp"]` for a subsystem.
 * @example
 * sshArgv({ host: "db.example.org", user: "root", port: 22, … }, { variables: {} }, { command: "exec /bin/sh" });
 * // ["ssh", "-F", "none", "-T", "-l", "root", "-p", "22", …, "--", "db.example.org", "exec /bin/sh"]
 */
export function sshArgv(connection: Connection, files: ConnectionFiles, what: SshTask): string[] {
  return [
    "ssh",
    "-T",
    ...hopOptions(connection, files),
    ...proxyOptions(connection, files),
    ...(what.subsystem ? ["-s"] : []),
    "--",
    connection.host,
    what.command,
  ];
}

export interface SshTask {
  readonly command: string;
  /** The command is the name of a subsystem. */
  readonly subsystem?: true;
}

function hopOptions(hop: Hop, files: HopFiles): string[] {
  return [
    ...["-F", "none", "-l", hop.user, "-p", String(hop.port), "-o", "LogLevel=ERROR"],
    ...(hop.perDialTimeout > 0 ? ["-o", `ConnectTimeout=${Math.ceil(hop.perDialTimeout)}`] : []),
    ...KEEP_ALIVE,
    ...hostKeyOptions(files),
    ...authenticationOptions(hop, files),
  ];
}

/** A given key is the only one accepted; without one, the user's known hosts decide, and a new host is added to them. */
function hostKeyOptions({ knownHosts }: HopFiles): string[] {
  if (knownHosts === undefined) return ["-o", "StrictHostKeyChecking=accept-new"];
  return [
    ...["-o", "StrictHostKeyChecking=yes", "-o", `HostKeyAlias=${HOST_KEY_ALIAS}`],
    ...[
      "-o",
      `UserKnownHostsFile=${knownHosts}`,
      "-o",
      "GlobalKnownHostsFile=none",
      "-o",
      "UpdateHostKeys=no",
    ],
  ];
}

/** Never asks a person. A given key or password is preferred; keys that nobody named are tried only where neither is given. */
function authenticationOptions(hop: Hop, { privateKey }: HopFiles): string[] {
  const asks = hop.password !== undefined || hop.privateKeyPassword !== undefined;
  const methods =
    privateKey === undefined
      ? "password,keyboard-interactive,publickey"
      : "publickey,password,keyboard-interactive";
  return [
    ...(asks ? ["-o", "NumberOfPasswordPrompts=1"] : ["-o", "BatchMode=yes"]),
    ...(privateKey === undefined ? [] : ["-i", privateKey, "-o", "IdentitiesOnly=yes"]),
    ...(privateKey === undefined && hop.password !== undefined ? ["-o", "IdentityFile=none"] : []),
    ...(hop.password === undefined ? [] : ["-o", `PreferredAuthentications=${methods}`]),
  ];
}

/** `ProxyJump` cannot give the machine between a key, a password or a host key of its own; a command can. */
function proxyOptions({ host, port, proxy }: Connection, files: ConnectionFiles): string[] {
  if (proxy === undefined || files.proxy === undefined) return [];
  const argv = ["ssh", ...hopOptions(proxy, files.proxy), "-W", `[${host}]:${port}`, "--", proxy.host];
  const variables = Object.entries(files.proxy.variables).map(([name, value]) => `${name}=${value}`);
  // ssh takes this as one text for a shell, and replaces what follows a percent sign.
  const command = shellCommand(variables.length > 0 ? ["env", ...variables, ...argv] : argv).replaceAll(
    "%",
    "%%",
  );
  return ["-o", `ProxyCommand=${command}`];
}

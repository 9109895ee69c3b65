import { expect, test } from "vitest";
import type { Connection } from "./connection.ts";
import { sshArgv } from "./ssh-argv.ts";

const connection: Connection = {
  host: "app.example.org",
  user: "deploy",
  port: 22,
  dialErrorLimit: 10,
  perDialTimeout: 15,
};
const shell = { command: "exec /bin/sh" };
const line = (...args: Parameters<typeof sshArgv>) => sshArgv(...args).join(" ");

test("without a key or a password the user's own keys and known hosts are used, and nobody is asked", () => {
  expect(sshArgv(connection, { variables: {} }, shell)).toEqual([
    "ssh",
    "-T",
    ...["-F", "none", "-l", "deploy", "-p", "22", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=15"],
    ...["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"],
    ...["-o", "StrictHostKeyChecking=accept-new", "-o", "BatchMode=yes"],
    ...["--", "app.example.org", "exec /bin/sh"],
  ]);
});

test("a given key is the only one that is tried", () => {
  expect(line({ ...connection, privateKey: "K" }, { privateKey: "/proc/1/fd/9", variables: {} }, shell)).toBe(
    "ssh -T -F none -l deploy -p 22 -o LogLevel=ERROR -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=4 " +
      "-o StrictHostKeyChecking=accept-new -o BatchMode=yes -i /proc/1/fd/9 -o IdentitiesOnly=yes -- app.example.org exec /bin/sh",
  );
});

test("a given host key is the only one that is accepted", () => {
  expect(
    line(
      { ...connection, port: 2222, perDialTimeout: 0 },
      { knownHosts: "/proc/1/fd/8", variables: {} },
      shell,
    ),
  ).toBe(
    "ssh -T -F none -l deploy -p 2222 -o LogLevel=ERROR -o ServerAliveInterval=15 -o ServerAliveCountMax=4 " +
      "-o StrictHostKeyChecking=yes -o HostKeyAlias=given-host-key -o UserKnownHostsFile=/proc/1/fd/8 -o GlobalKnownHostsFile=none " +
      "-o UpdateHostKeys=no -o BatchMode=yes -- app.example.org exec /bin/sh",
  );
});

test("a password is asked for once, before keys that nobody named; it is never an argument", () => {
  const argv = line({ ...connection, password: "P4ss" }, { variables: { SSH_ASKPASS: "/askpass" } }, shell);
  expect(argv).toContain(
    "-o NumberOfPasswordPrompts=1 -o IdentityFile=none -o PreferredAuthentications=password,keyboard-interactive,publickey",
  );
  expect(argv).not.toMatch(/BatchMode|P4ss|askpass/);
});

test("with a key and a password the key comes first", () => {
  const argv = line(
    { ...connection, password: "P", privateKey: "K" },
    { privateKey: "/k", variables: {} },
    shell,
  );
  expect(argv).toContain(
    "-i /k -o IdentitiesOnly=yes -o PreferredAuthentications=publickey,password,keyboard-interactive",
  );
});

test("a proxy is a connection of its own, with its own key, agent and password", () => {
  const proxy = {
    ...connection,
    host: "gate.example.org",
    port: 2200,
    user: "hop",
    password: "P",
    dialErrorLimit: 1,
  };
  const files = {
    variables: {},
    proxy: { knownHosts: "/h", variables: { SSH_AUTH_SOCK: "/run/my agent%1" } },
  };
  const argv = sshArgv({ ...connection, host: "10.0.0.7", proxy }, files, {
    command: "sftp",
    subsystem: true,
  });
  expect(argv.slice(-6)).toEqual([
    "-o",
    "ProxyCommand=env 'SSH_AUTH_SOCK=/run/my agent%%1' ssh -F none -l hop -p 2200 -o LogLevel=ERROR -o ConnectTimeout=15 " +
      "-o ServerAliveInterval=15 -o ServerAliveCountMax=4 -o StrictHostKeyChecking=yes -o HostKeyAlias=given-host-key " +
      "-o UserKnownHostsFile=/h -o GlobalKnownHostsFile=none -o UpdateHostKeys=no -o NumberOfPasswordPrompts=1 -o IdentityFile=none " +
      "-o PreferredAuthentications=password,keyboard-interactive,publickey -W '[10.0.0.7]:22' -- gate.example.org",
    "-s",
    "--",
    "10.0.0.7",
    "sftp",
  ]);
});

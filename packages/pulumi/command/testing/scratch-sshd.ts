import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "@slipway/toolchain/testing";

/** A real sshd on 127.0.0.1 with keys of its own. */
export interface ScratchSshd {
  readonly port: number;
  readonly user: string;
  /** The public host key, as a line of `authorized_keys`. */
  readonly hostKey: string;
  /** A private key that is let in. */
  readonly privateKey: string;
  /** Another one that is let in, encrypted with {@link passphrase}. */
  readonly encryptedKey: string;
  readonly passphrase: string;
  /** Another public key, which is not this machine's. */
  readonly otherKey: string;
  stop(): Promise<void>;
}

const SSHD = "/usr/sbin/sshd";
const PASSPHRASE = "open sesame";

/** Starts an sshd that lets the current user in by key. It accepts the variables named `OFFERED*` and no others. */
export async function scratchSshd(): Promise<ScratchSshd> {
  const folder = mkdtempSync(join(tmpdir(), "scratch-sshd-"));
  const path = (name: string) => join(folder, name);
  const key = (name: string, passphrase = "") => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", path(name)]);
    return { secret: readFileSync(path(name), "utf8"), open: readFileSync(path(`${name}.pub`), "utf8") };
  };
  const [host, plain, encrypted, other] = [
    key("host"),
    key("plain"),
    key("encrypted", PASSPHRASE),
    key("other"),
  ];
  const port = await freePort();
  writeFileSync(path("authorized"), plain.open + encrypted.open);
  writeFileSync(
    path("config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${path("host")}`,
      `AuthorizedKeysFile ${path("authorized")}`,
      `PidFile ${path("pid")}`,
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "PermitRootLogin yes",
      "AcceptEnv OFFERED*",
      "Subsystem sftp internal-sftp",
      "MaxStartups 100",
      "",
    ].join("\n"),
  );
  // sshd asks for this folder when it is started by root; packages make it at boot.
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const sshd = spawn(SSHD, ["-D", "-f", path("config"), "-E", path("log")], { stdio: "ignore" });
  const ended = new Promise<void>((done) => sshd.once("close", () => done()));
  await answers(port, () => readFileSync(path("log"), "utf8"));
  return {
    port,
    user: userInfo().username,
    hostKey: host.open,
    privateKey: plain.secret,
    encryptedKey: encrypted.secret,
    passphrase: PASSPHRASE,
    otherKey: other.open,
    stop: async () => {
      sshd.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number, log: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("close", () => socket.destroy());
      socket.once("connect", () => socket.destroy());
    });
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not answer on port ${port}: ${log()}`);
}

import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./hosts/", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A server of `testing/hosts` in a process of its own. */
export interface Host {
  readonly process: ChildProcess;
  /** What it answers for a user. */
  ask(user?: string): Promise<string>;
  readonly url: string;
  /** Ends it at once, and resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a host and waits for the port that it prints. */
export async function startHost(file: string, ...args: readonly string[]): Promise<Host> {
  const deno = ["run", "--no-prompt", "--no-check", "--node-modules-dir=manual", "--allow-net=127.0.0.1"];
  const command = file.endsWith(".ts") ? [denoBinary(), ...deno] : [process.execPath];
  const child = spawn(command[0]!, [...command.slice(1), join(folder, file), ...args], { cwd: root });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}: ${errors}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    process: child,
    url,
    ask: async (user = "u1") => (await fetch(`${url}/?user=${user}`)).text(),
    stop: (signal = "SIGKILL") => {
      child.kill(signal);
      return gone;
    },
  };
}

function denoBinary(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
  const libc = platform() === "linux" ? "-glibc" : "";
  return join(dirname(require.resolve(`@deno/${platform()}-${arch()}${libc}/package.json`)), "deno");
}

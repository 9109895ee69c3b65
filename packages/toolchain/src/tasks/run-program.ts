import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root: string = fileURLToPath(new URL("../../../..", import.meta.url));

/** Runs a program of the repository with the terminal as it is, and gives its exit code. */
export function runProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  // Ctrl-C reaches the child by itself; this process waits for how it ends.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Runs one step of several and says how long it took. */
export async function step(name: string, work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const code = await work();
  console.error(
    `${code === 0 ? "ok  " : "FAIL"}  ${name}  ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  return code;
}

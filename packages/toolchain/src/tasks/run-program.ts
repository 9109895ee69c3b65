import { fileURLToPath } from "node:url";
import { runChild } from "../../plain/run-child.mjs";

/** The repository's root. */
export const root: string = fileURLToPath(new URL("../../../..", import.meta.url));

/** Runs a program of the repository with the terminal as it is, and gives its exit code. */
export function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  return runChild(command, args, { cwd: root, env: { ...process.env, ...env } });
}

/** Runs one step of several and says on stderr how it ended and how long it took. */
export async function step(name: string, work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const code = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${code === 0 ? "ok  " : "FAIL"}  ${name}  ${seconds} s\n`);
  return code;
}

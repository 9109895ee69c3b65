import { spawn } from "node:child_process";
import type { MigrationRunner } from "./peers/migration-runner.ts";

/** Runs a program once and gives the milliseconds of the whole process. A run that fails proves nothing, and throws. */
export async function timeRunner(
  { name, command, env, folder }: MigrationRunner,
  url: string,
): Promise<number> {
  const [file, ...args] = command(url);
  const started = performance.now();
  const child = spawn(file!, args, {
    ...(folder === undefined ? {} : { cwd: folder }),
    env: { ...process.env, ...env?.(url) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-400);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${said}`);
  return ms;
}

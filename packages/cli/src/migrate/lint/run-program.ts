import { execFile } from "node:child_process";

/** How a program ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

// A report on a thousand migrations is large.
const LARGEST = 64 * 1024 * 1024;

/**
 * Runs a program that needs no terminal.
 *
 * @throws the system's error when it cannot be started.
 */
export function runProgram(
  program: string,
  words: readonly string[],
  { cwd, env = process.env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(program, [...words], { cwd, env, maxBuffer: LARGEST }, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr });
      else if (typeof error.code === "number") resolve({ exitCode: error.code, stdout, stderr });
      else reject(error);
    });
  });
}

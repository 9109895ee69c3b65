import { runProgram, step } from "./run-program.ts";

const turboQuiet = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

const steps = [
  { name: "format and lint", command: ["biome", "ci", "--error-on-warnings", "."], env: {} },
  { name: "types", command: ["tsc", "--noEmit", "-p", "."], env: {} },
  { name: "boundaries", command: ["turbo", "boundaries"], env: turboQuiet },
] as const;

/**
 * Format, lint, types and boundaries: all that needs no test run. All of them run, whatever the first one says.
 *
 * @returns the names of those that failed.
 */
export async function check(): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, command, env } of steps) {
    const [program, ...args] = command;
    if ((await step(name, () => runProgram(program, args, env))) !== 0) failed.push(name);
  }
  return failed;
}

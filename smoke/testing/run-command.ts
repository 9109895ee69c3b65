import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { denoBinary } from "./deno-binary.ts";

/** What came of a process. */
export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const entry = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** Runs `node smoke/node.ts …`. */
export function runUnderNode(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandOutcome> {
  return run(process.execPath, [entry("node.ts"), ...args], env);
}

/** Runs `deno run <permissions> smoke/deno.ts …`; nothing is granted that is not listed. */
export function runUnderDeno(
  permissions: readonly string[],
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandOutcome> {
  return run(denoBinary(), ["run", "--no-prompt", ...permissions, entry("deno.ts"), ...args], env);
}

/** The permissions in the command line that `flags` printed. */
export function permissionsOf(commandLine: string): string[] {
  return commandLine.split(" ").filter((part) => part.startsWith("--allow-"));
}

function run(program: string, args: readonly string[], env: Record<string, string>): Promise<CommandOutcome> {
  const { PATH = "", HOME = "" } = process.env;
  return new Promise((resolve) => {
    execFile(program, args, { env: { PATH, HOME, ...env } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

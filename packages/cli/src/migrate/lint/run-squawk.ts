import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { type LintFinding, parseSquawk, squawkArguments } from "@slipway/migrations";
import { runProgram } from "./run-program.ts";

/**
 * Asks squawk for its opinion of migrations.
 *
 * @param files relative to `cwd`.
 * @throws {SlipwayError} TOOLCHAIN_MISSING where it is not installed, or does not answer.
 */
export async function runSquawk(
  files: readonly string[],
  { cwd, path }: { readonly cwd: string; readonly path: string },
): Promise<LintFinding[]> {
  if (files.length === 0) return [];
  const program = findSquawk(cwd, path);
  const { stdout, stderr } = await runProgram(program, squawkArguments(files), { cwd });
  try {
    return parseSquawk(stdout);
  } catch (cause) {
    throw missing(`it answered: ${(stderr || stdout).trim().split("\n")[0] ?? ""}`, cause);
  }
}

function findSquawk(cwd: string, path: string): string {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(join(folder, "node_modules", ".bin"));
    if (folder === dirname(folder)) break;
  }
  const found = folders.map((folder) => join(folder, "squawk")).find((file) => existsSync(file));
  if (found === undefined) throw missing("it is neither on PATH nor in node_modules/.bin");
  return found;
}

function missing(why: string, cause?: unknown): SlipwayError {
  return new SlipwayError("TOOLCHAIN_MISSING", {
    what: "Cannot ask squawk",
    why,
    todo: "npm install --save-dev squawk-cli, or leave --squawk out",
    cause,
  });
}
